// What the operators of a network cost.
#pragma once

#include "graph/graph.h"

namespace sinapse {

/// Multiplications with an addition that a node makes for one row: those of products,
/// convolutions, recurrent cells and attention; all else counts as nothing, as is the custom.
int64_t multiply_adds(const Graph& graph, const Node& node);

}  // namespace sinapse
