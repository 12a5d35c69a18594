// What the formulas of ops/*-inl.h need, included before them.
#pragma once

#include <array>
#include <cmath>
#include <cstdint>
#include <span>
#include <string_view>

#include <sinapse/formula/scalar.h>

namespace sinapse {

/// The numbers an optimizer's formula uses in one step.
inline constexpr int kMaxScalars = 10;
using Scalars = std::array<double, kMaxScalars>;

/// a·b + c, rounded once; SIMD vectors have their own, which rounds once where the processor can.
inline float multiply_add(float a, float b, float c) {
  return std::fma(a, b, c);
}
inline double multiply_add(double a, double b, double c) {
  return std::fma(a, b, c);
}

/// a / b for b > 0; SIMD vectors have their own (cpu/simd_number.h).
inline float quotient(float a, float b) {
  return a / b;
}
inline double quotient(double a, double b) {
  return a / b;
}

}  // namespace sinapse
