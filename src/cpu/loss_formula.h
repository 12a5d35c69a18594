// Element-wise losses on the running CPU.
#pragma once

#include <cstdint>

#include <sinapse/loss.h>

namespace sinapse {

inline constexpr size_t kMaxLossConstants = 2;

/// result[i] = formula(p[i], t[i]) or its slope in p, for n neighbouring elements. `constants`
/// has kMaxLossConstants numbers, those of the loss first.
using LossFunction = void (*)(const float* p, const float* t, const float* constants, float* result,
                              int64_t n);
LossFunction loss_value_function(const Loss& loss);
LossFunction loss_slope_function(const Loss& loss);

}  // namespace sinapse
