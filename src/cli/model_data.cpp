#include "cli/model_data.h"

#include <filesystem>

#include "network/trained_network.h"

namespace sinapse::cli {

Model load_model(const std::string& path) {
  const bool is_folder = std::filesystem::is_directory(path);
  return Model::load(is_folder ? (std::filesystem::path(path) / "model.onnx").string() : path);
}

bool reads_arrays(const Model& model) {
  return model.trained().pixels.has_value();
}

}  // namespace sinapse::cli
