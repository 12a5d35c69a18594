// Model::load and Model::save.
#include <sinapse/model.h>

#include "onnx/read.h"
#include "onnx/write.h"

namespace sinapse {

Model Model::load(const std::string& path) {
  return Model(std::make_shared<const TrainedNetwork>(read_onnx(path)));
}

void Model::save(const std::string& path) const {
  write_onnx(trained(), path);
}

}  // namespace sinapse
