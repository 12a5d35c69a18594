// Optimizers on the running CPU, and the copies that follow a weight's update.
#pragma once

#include <cstdint>

#include <sinapse/optimizer.h>

namespace sinapse {

inline constexpr int kMaxMoments = 3;

/// One step of an optimizer on n neighbouring weights. Scalars as the optimizer's formula prepared
/// them for this step.
using UpdateFunction = void (*)(float* weight, const float* gradient, float* const* moments,
                                int64_t n, const float* scalars);
UpdateFunction update_function(const Optimizer& optimizer);

/// to[c, r] = from[r, c] for r < rows, c < columns.
using TransposeFunction = void (*)(const float* from, int64_t from_stride, int64_t rows,
                                   int64_t columns, float* to, int64_t to_stride);
TransposeFunction transpose_function();

}  // namespace sinapse
