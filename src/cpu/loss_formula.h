// Element-wise losses on the running CPU.
#pragma once

#include <cstdint>

#include <sinapse/loss.h>

namespace sinapse {

/// result[i] = formula(p[i], t[i]) or its slope in p, for n neighbouring elements. `constants`
/// has kMaxLossConstants numbers, those of the loss first.
using LossFunction = LossLoop<float>;
LossFunction loss_value_function(const Loss& loss);
LossFunction loss_slope_function(const Loss& loss);

}  // namespace sinapse
