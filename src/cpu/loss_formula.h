// Element-wise losses on the running CPU.
#pragma once

#include <cstdint>
#include <string_view>

namespace sinapse {

/// value[i] = formula(p[i], t[i]) or its slope in p, for n neighbouring elements.
using LossFunction = void (*)(const float* p, const float* t, float* result, int64_t n);
LossFunction loss_value_function(std::string_view formula);
LossFunction loss_slope_function(std::string_view formula);

}  // namespace sinapse
