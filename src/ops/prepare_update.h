// The part of an optimizer's step that is the same for all weights.
#pragma once

#include <sinapse/optimizer.h>

#include "ops/scalars.h"

namespace sinapse {

/// What the optimizer's formula needs in one step; `step` counts from 1.
Scalars prepare_update(const Optimizer& optimizer, double learning_rate, int64_t step);

}  // namespace sinapse
