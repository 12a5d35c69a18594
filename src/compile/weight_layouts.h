// Which weights stand in panels (compile/panels.h).
#pragma once

#include <algorithm>
#include <vector>

#include "graph/operator.h"

namespace sinapse {

/// Whether the product kernels of a node want this input, a weight, in panels.
bool wants_panels(const Node& node, size_t input);

/// The same of the weight's transposed copy.
bool wants_transposed_panels(const Node& node, size_t input);

/// Whether there are products in bf16 for this node, if its weight stands in panels.
bool multiplies_rounded(const Graph& graph, const Node& node);

/// Whether the node is a convolution that works on blocks of channels, if its weight may stand in
/// panels.
bool convolves_blocks(const Node& node);

/// Whether every channel meets one filter of its own, with more channels than are read plain.
bool is_depthwise(const Graph& graph, const Node& node);

/// Whether an activation leaves the channels that fill up the last block at zero.
bool keeps_padding_zero(const Graph& graph, const Node& activation);

/// By ValueId: whether the value stands in panels; weights of convolutions only if wanted.
std::vector<bool> weights_in_panels(const Graph& graph, bool of_convolutions);

}  // namespace sinapse
