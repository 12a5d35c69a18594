// The functions a formula may use, for plain numbers; the other number types provide the same
// names.
#pragma once

#include <cmath>

namespace sinapse {

using std::abs;
using std::cos;
using std::erf;
using std::exp;
using std::expm1;
using std::log;
using std::log1p;
using std::sin;
using std::sqrt;
using std::tanh;

/// a where the mask is true, b elsewhere. A NaN compares false, so write formulas such that the
/// last branch lets it through: relu is select(x <= 0, 0, x).
inline float select(bool mask, float a, float b) {
  return mask ? a : b;
}
inline double select(bool mask, double a, double b) {
  return mask ? a : b;
}

namespace detail {

template <class T>
T sigmoid(T x) {
  if (x >= 0) return 1 / (1 + std::exp(-x));
  const T e = std::exp(x);
  return e / (1 + e);
}

template <class T>
T softplus(T x) {
  return (x > 0 ? x : 0) + std::log1p(std::exp(-std::abs(x)));
}

}  // namespace detail

/// 1 / (1 + e^-x)
inline float sigmoid(float x) {
  return detail::sigmoid(x);
}
inline double sigmoid(double x) {
  return detail::sigmoid(x);
}

/// log(1 + e^x) = max(x, 0) + log1p(e^-|x|), which cannot overflow.
inline float softplus(float x) {
  return detail::softplus(x);
}
inline double softplus(double x) {
  return detail::softplus(x);
}

/// Φ(x), the normal distribution function, accurate in the left tail where (1 + erf(x/√2))/2 is
/// not.
inline float normal_cdf(float x) {
  return 0.5f * std::erfc(-0.70710678118654752f * x);
}
inline double normal_cdf(double x) {
  return 0.5 * std::erfc(-0.70710678118654752440 * x);
}

/// φ(x) = e^(-x²/2) / √(2π), the derivative of normal_cdf.
inline float normal_pdf(float x) {
  return 0.39894228040143268f * std::exp(-0.5f * x * x);
}
inline double normal_pdf(double x) {
  return 0.39894228040143267794 * std::exp(-0.5 * x * x);
}

}  // namespace sinapse
