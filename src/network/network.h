// From a network's description to its graph.
#pragma once

#include <sinapse/network.h>

#include "layers/builder_state.h"

namespace sinapse {

/// A network as a graph, with the names and initial values of its parameters.
struct NetworkGraph {
  Graph graph;
  std::vector<ValueId> inputs;  // in the order of the input descriptions
  ValueId output = kNoValue;
  std::vector<ParameterInfo> parameters;
  std::vector<LayerSummary> layers;

  int64_t num_parameters() const;  // trainable ones
};

/// Names of layers; * stands for any letters, ? for one: "dense1", "conv*".
using LayerPatterns = std::vector<std::string>;

/// Builds the graph for training or for inference; both have the same parameters in the same order.
/// Layers whose name is among `frozen` keep their weights and running statistics.
/// Throws Error(usage) for an unknown layer type or field, and a pattern that no layer has, and
/// Error(model) where shapes do not fit.
NetworkGraph build_network(const NetworkDescription& description,
                           const std::vector<InputDescription>& inputs, bool training,
                           const LayerPatterns& frozen = {});

}  // namespace sinapse
