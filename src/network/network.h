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

/// Builds the graph for training or for inference; both have the same parameters in the same order.
/// Throws Error(usage) for an unknown layer type or field and Error(model) where shapes do not fit.
NetworkGraph build_network(const NetworkDescription& description,
                           const std::vector<InputDescription>& inputs, bool training);

}  // namespace sinapse
