// Which weights stand in panels (compile/panels.h).
#pragma once

#include <algorithm>
#include <vector>

#include "graph/operator.h"

namespace sinapse {

/// Where a product node holds its weight among its inputs, or -1: the product kernels want panels.
int weight_input(const Node& node);

/// Whether the node is a convolution that works on blocks of channels, if its weight may stand in
/// panels.
bool convolves_blocks(const Node& node);

/// Whether an activation leaves the channels that fill up the last block at zero.
bool keeps_padding_zero(const Graph& graph, const Node& activation);

/// By ValueId: whether the value stands in panels; weights of convolutions only if wanted.
std::vector<bool> weights_in_panels(const Graph& graph, bool of_convolutions);

}  // namespace sinapse
