// Networks that plans are tested with.
#pragma once

#include "cpu/plan_harness.h"

namespace sinapse {

/// Every kind of layer in unusual places, and a grid of dense networks: widths and batches around
/// every boundary of the kernels, all losses and optimizers.
std::vector<PlanCase> plan_cases();

}  // namespace sinapse
