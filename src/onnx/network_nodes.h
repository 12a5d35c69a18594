// The inference graph of a network as ONNX nodes.
#pragma once

#include <string>
#include <vector>

#include "network/network.h"
#include "onnx/graph_writer.h"

namespace sinapse {

/// Appends the nodes of a graph built for inference; its inputs are the values of these names, in
/// order, its parameters initializers named as they are. Returns the name of the network's output.
std::string append_network_nodes(GraphWriter& writer, const NetworkGraph& network,
                                 const std::vector<std::string>& inputs);

/// The same, but returns the names of all values, by ValueId.
std::vector<std::string> append_network_values(GraphWriter& writer, const NetworkGraph& network,
                                               const std::vector<std::string>& inputs);

}  // namespace sinapse
