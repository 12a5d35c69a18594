// The gradient check on given weights and rows.
#pragma once

#include <sinapse/gradient_check.h>

#include "check/loss_graph.h"

namespace sinapse {

std::vector<GradientError> check_gradients(LossGraph graph, const Weights& weights,
                                           const Dataset& data,
                                           const GradientCheckOptions& options);

}  // namespace sinapse
