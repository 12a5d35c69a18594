// Which weights stand in panels (compile/panels.h).
#pragma once

#include <algorithm>
#include <vector>

#include "graph/operator.h"

namespace sinapse {

/// Where a product node holds its weight among its inputs, or -1: the product kernels want panels.
int weight_input(const Node& node);

/// By ValueId: whether the value stands in panels.
std::vector<bool> weights_in_panels(const Graph& graph);

}  // namespace sinapse
