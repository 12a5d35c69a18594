// Arithmetic on gradients before, and on weights after, their update.
#pragma once

#include <cstdint>

namespace sinapse {

struct GradientFunctions {
  /// y = gradient + l1 sign(weight) + twice_l2 weight.
  void (*penalty)(const float* gradient, const float* weight, float* y, int64_t n, float l1,
                  float twice_l2);
  /// y = min(max(x, -limit), limit).
  void (*clip)(const float* x, float* y, int64_t n, float limit);
  /// average += share (weight - average); a share of 1 copies.
  void (*average)(float* average, const float* weight, int64_t n, float share);
  /// The sum of x^2 over rows of n numbers.
  float (*squared_sum)(const float* x, int64_t rows, int64_t n, int64_t stride);
  /// sums[c] = sum of x[d, c]^2 over d < depth, for rows of `width` neighbours.
  void (*column_squares)(const float* x, int64_t depth, int64_t width, float* sums);
  /// x[d, c] *= factors[c].
  void (*scale_columns)(float* x, int64_t depth, int64_t width, const float* factors);
  /// x = max(x, 0).
  void (*not_negative)(float* x, int64_t n);
};

/// The functions for the instruction set of the running CPU.
const GradientFunctions& gradient_functions();

}  // namespace sinapse
