#include "train/golden.h"

#include <fstream>
#include <map>

#include "paths.h"

namespace sinapse::golden {

namespace {

const std::map<std::string, std::string> kLayerTypes{{"dense", "dense"},
                                                     {"batch_norm", "batch_normalization"},
                                                     {"layer_norm", "layer_normalization"},
                                                     {"prelu", "prelu"},
                                                     {"add", "add"},
                                                     {"concatenate", "concatenate"}};

const std::map<std::string, std::string> kLosses{
    {"softmax_cross_entropy", "categorical_crossentropy"},
    {"mean_squared_error", "mean_squared_error"},
    {"sigmoid_cross_entropy", "binary_crossentropy"}};

}  // namespace

Json networks(const std::string& file) {
  std::ifstream stream(source_path("tests/golden/" + file));
  return Json::parse(stream).at("networks");
}

std::string loss_name(const std::string& name) {
  return kLosses.at(name);
}

NetworkDescription describe(const Json& layers) {
  NetworkDescription network;
  std::map<std::string, int> counts;
  for (const Json& layer : layers) {
    const std::string kind = layer.at("type");
    LayerDescription description;
    description.name = kind + std::to_string(++counts[kind]);
    if (const auto known = kLayerTypes.find(kind); known != kLayerTypes.end()) {
      description.type = known->second;
    } else {
      description.type = "activation";
      description.fields["activation"] = kind;
    }
    if (kind == "dense") description.fields["units"] = layer.at("units").get<int64_t>();
    if (layer.contains("from")) {
      const int from = layer.at("from");
      description.inputs = {network.layers.back().name,
                            from < 0 ? "x" : network.layers.at(from).name};
    }
    network.layers.push_back(description);
  }
  return network;
}

std::vector<double> numbers_of(const Json& array) {
  return array.at("data").get<std::vector<double>>();
}

}  // namespace sinapse::golden
