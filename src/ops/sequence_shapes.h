// What operators on sequences ask of their inputs.
#pragma once

#include "graph/operator.h"

namespace sinapse {

inline void require_sequences(const Graph& graph, const Node& node) {
  const Shape& x = graph.shape(node.inputs[0]);
  if (x.size() == 3 && is_batched(x)) return;
  fail_shape(node, "expects sequences [batch, time, features], but x is " + to_string(x));
}

inline void require_lengths(const Graph& graph, const Node& node) {
  if (node.inputs.size() < 2 || node.inputs[1] == kNoValue) return;
  if (graph.shape(node.inputs[1]) == batched({1})) return;
  fail_shape(node, "expects one length a row, but the lengths are " +
                       to_string(graph.shape(node.inputs[1])));
}

}  // namespace sinapse
