// The gradient of a graph: reverse-mode differentiation that appends the backward operators.
#pragma once

#include <map>

#include "graph/operator.h"

namespace sinapse {

/// Appends to `graph` the nodes that compute d(sum of loss * seed) / d(value) for each of `targets`
/// (inputs, parameters, results of nodes) and returns those gradients in the same order (kNoValue
/// where the loss does not depend on a target). `loss` and `seed` have the same shape [batch, 1]:
/// seed holds each row's weight in the mean. Only what the targets need is differentiated
/// (Griewank, Walther 2008, section 6).
std::vector<ValueId> differentiate(Graph& graph, ValueId loss, ValueId seed,
                                   std::span<const ValueId> targets);

}  // namespace sinapse
