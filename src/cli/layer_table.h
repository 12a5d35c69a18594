// The layers of a network as a table.
#pragma once

#include <string>
#include <vector>

#include <sinapse/network.h>

namespace sinapse::cli {

/// Layer (type), output shape, parameters, activation with its constants; one line each.
std::string layer_table(const std::vector<LayerSummary>& layers);

/// The activation of a layer with all constants: "leaky_relu(alpha=0.01)"; empty if it has none.
std::string activation_of(const LayerSummary& layer);

}  // namespace sinapse::cli
