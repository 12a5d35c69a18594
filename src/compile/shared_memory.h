// Plans of one network for batches of other shapes, on the same weights.
#pragma once

#include "compile/plan.h"

namespace sinapse {

/// Whether parameters and states of both plans have the same places and layouts, so that executions
/// of both can share one memory.
bool share_parameters(const Plan& a, const Plan& b);

}  // namespace sinapse
