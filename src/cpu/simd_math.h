// exp, log, tanh and their like for Vectors: exp and log within 1 ulp, the others within 2 or 3,
// tanh 5 next to ±1; without overflow on the way; NaN in, NaN out. The coefficients are minimax
// fits by scripts/fit_simd_math.py. Included once per instruction set, like simd_number.h.
#include <cmath>
#include <limits>

#include "cpu/simd_number.h"

#if defined(SINAPSE_CPU_SIMD_MATH_H) == defined(HWY_TARGET_TOGGLE)
#ifdef SINAPSE_CPU_SIMD_MATH_H
#undef SINAPSE_CPU_SIMD_MATH_H
#else
#define SINAPSE_CPU_SIMD_MATH_H
#endif

HWY_BEFORE_NAMESPACE();
namespace sinapse {
namespace HWY_NAMESPACE {

/// c0 + c1 x + c2 x² + ... by Horner's rule.
HWY_INLINE Vector polynomial(Vector, float c) {
  return c;
}
template <class... C>
HWY_INLINE Vector polynomial(Vector x, float c0, C... c) {
  return multiply_add(polynomial(x, c...), x, c0);
}

HWY_INLINE IntVector bits_of(Vector x) {
  return hn::BitCast(IntTag(), x.v);
}
HWY_INLINE Vector float_of(IntVector bits) {
  return Vector(hn::BitCast(FloatTag(), bits));
}

// Added to a float below 2^22 it leaves the nearest integer in the low bits.
constexpr float kRounder = 12582912.0f;  // 1.5 · 2^23
constexpr float kLog2High = 0.693359375f, kLog2Low = -2.12194440e-4f;

/// 2^k from k + kRounder: for -126 ≤ k ≤ 127; 128 gives infinity.
HWY_INLINE Vector power_of_two(Vector k_rounder) {
  return float_of(hn::Add(hn::ShiftLeft<23>(bits_of(k_rounder)), hn::Set(IntTag(), 0x3F800000)));
}

/// k + kRounder, where k is the integer nearest to x / log 2.
HWY_INLINE Vector rounded_log2(Vector x) {
  return multiply_add(x, 1.44269504f, kRounder);
}

/// x - k log 2, in two steps (Cody, Waite 1980).
HWY_INLINE Vector without_log2(Vector x, Vector k) {
  return multiply_add(k, -kLog2Low, multiply_add(k, -kLog2High, x));
}

/// e^r - 1 for |r| ≤ (log 2)/2.
HWY_INLINE Vector expm1_near_zero(Vector r) {
  const Vector p = polynomial(r, 0.49999997f, 0.16666543f, 0.0416672f, 0.008366581f, 0.0013882504f);
  return multiply_add(r * r, p, r);
}

/// e^(x + small), -104 ≤ x ≤ 89: two factors, so that the result may be infinite or subnormal.
HWY_INLINE Vector exp_of_sum(Vector x, Vector small) {
  const Vector k = rounded_log2(x) - kRounder;
  const Vector p = 1 + expm1_near_zero(without_log2(x, k) + small);
  const Vector half = multiply_add(k, 0.5f, kRounder);
  return p * power_of_two(half) * power_of_two(k - (half - kRounder) + kRounder);
}

/// e^x
HWY_INLINE Vector exp(Vector x) {
  return exp_of_sum(clip(x, -104, 89), 0);
}

/// e^x with one factor: infinite above 88.37, and 1.2e-38 below -87.3.
HWY_INLINE Vector exp_above_tiny(Vector x) {
  const Vector z = clip(x, -87.3f, 89);
  const Vector k_rounder = rounded_log2(z);
  const Vector p = 1 + expm1_near_zero(without_log2(z, k_rounder - kRounder));
  return p * power_of_two(k_rounder);
}

/// e^x - 1 = 2 (2^(k-1) (e^r - 1) + 2^(k-1) - 1/2)
HWY_INLINE Vector expm1(Vector x) {
  const Vector z = clip(x, -20, 89);
  const Vector k_rounder = rounded_log2(z);
  const Vector q = expm1_near_zero(without_log2(z, k_rounder - kRounder));
  const Vector half_power = power_of_two(k_rounder - 1);
  return 2 * multiply_add(half_power, q, half_power - 0.5f);
}

/// log(u + error) for a normal finite u > 0 and a rest |error| that u could not hold.
HWY_INLINE Vector log_of_sum(Vector u, Vector error) {
  const IntVector sqrt_half = hn::Set(IntTag(), 0x3F3504F3), one = hn::Set(IntTag(), 0x3F800000);
  const IntVector k = hn::ShiftRight<23>(hn::Sub(bits_of(u), sqrt_half));
  const IntVector shifted = hn::ShiftLeft<23>(k);
  const IntVector small = hn::ShiftLeft<23>(hn::Min(k, hn::Set(IntTag(), 64)));  // else error is 0
  const Vector scaled_error = error * float_of(hn::Sub(one, small));
  const Vector f = float_of(hn::Sub(bits_of(u), shifted)) - 1 + scaled_error;  // u = 2^k (1 + f)
  const Vector p = polynomial(f, 0.3333333f, -0.25000826f, 0.20001236f, -0.16623144f, 0.14201368f,
                              -0.13162005f, 0.12765427f, -0.07634384f);
  const Vector exponent(hn::ConvertTo(FloatTag(), k));
  const Vector rest = f * f * multiply_add(f, p, -0.5f);
  return multiply_add(exponent, kLog2High, f + multiply_add(exponent, kLog2Low, rest));
}

/// The result of a logarithm of u where it is a number, else what logarithms are at such ends.
HWY_INLINE Vector with_ends_of_log(Vector u, Vector result) {
  constexpr float infinity = std::numeric_limits<float>::infinity();
  const Vector not_positive = select(u == 0, -infinity, std::numeric_limits<float>::quiet_NaN());
  return select(u > 0, select(u < infinity, result, u), not_positive);
}

/// log x
HWY_INLINE Vector log(Vector x) {
  const Mask subnormal = x < std::numeric_limits<float>::min();
  const Vector normal = select(subnormal, x * 8388608.0f, x);
  const Vector shift = select(subnormal, -15.942385f, 0);  // -23 log 2
  return with_ends_of_log(x, log_of_sum(normal, 0) + shift);
}

/// log(1 + x)
HWY_INLINE Vector log1p(Vector x) {
  const Vector u = 1 + x;
  return with_ends_of_log(u, log_of_sum(u, x - (u - 1)));
}

/// log(1 + e^x) = max(x, 0) + log1p(e^-|x|)
HWY_INLINE Vector softplus(Vector x) {
  const Vector t = exp(-abs(x)), u = 1 + t;
  return at_least(x, 0) + log_of_sum(u, t - (u - 1));
}

/// 1 / (1 + e^-x)
HWY_INLINE Vector sigmoid(Vector x) {
  return 1 / (1 + exp_above_tiny(-x));
}

/// Odd rational function of degree 9 over 8; from 9.4 on it is above 1 and is cut off there.
HWY_INLINE Vector tanh(Vector x) {
  const Vector z = clip(x, -9.4f, 9.4f), u = z * z;
  const Vector p =
      polynomial(u, 1.0f, 0.133797079f, 0.00349402102f, 2.05832621e-05f, 1.33187781e-08f);
  const Vector q =
      polynomial(u, 1.0f, 0.467130274f, 0.0258710217f, 0.000328307098f, 7.7618995e-07f);
  return clip(z * p / q, -1, 1);
}

// π/2 in three parts, so that up to 5215 times the first two are exact (Cody, Waite 1980).
constexpr float kQuarterTurns[] = {1.5703125f, 4.837512969970703e-4f, 7.549789948768648e-8f};
constexpr float kLargestAngle = 8192;  // beyond it the parts would no longer do

/// sin(x + quarter turns) for |x| ≤ kLargestAngle: the sine or cosine of what a whole number of
/// quarter turns leaves of x, with the sign that the number asks for.
HWY_INLINE Vector sin_of_moderate(Vector x, int32_t quarters) {
  const Vector k_rounder = multiply_add(x, 0.636619772f, kRounder), k = k_rounder - kRounder;
  Vector r = x;
  for (const float part : kQuarterTurns) r = multiply_add(k, -part, r);
  const IntVector turns = hn::Add(bits_of(k_rounder), hn::Set(IntTag(), quarters));
  const IntVector odd = hn::And(turns, hn::Set(IntTag(), 1));
  const IntVector sign = hn::ShiftLeft<30>(hn::And(turns, hn::Set(IntTag(), 2)));
  const Vector z = r * r;
  const Vector sine = multiply_add(
      z * r, polynomial(z, -0.166666672f, 0.00833332911f, -0.000198393042f, 2.71804765e-06f), r);
  const Vector cosine = multiply_add(
      z * z, polynomial(z, 0.0416666456f, -0.00138873095f, 2.44324128e-05f), 1 - 0.5f * z);
  const Mask is_sine{hn::RebindMask(FloatTag(), hn::Eq(odd, hn::Zero(IntTag())))};
  return float_of(hn::Xor(bits_of(select(is_sine, sine, cosine)), sign));
}

/// The same for any x: lanes beyond kLargestAngle, infinite or NaN, are done one by one.
template <class Exact>
HWY_INLINE Vector sin_of_any(Vector x, int32_t quarters, Exact exact) {
  const Vector moderate = sin_of_moderate(clip(x, -kLargestAngle, kLargestAngle), quarters);
  if (hn::AllTrue(FloatTag(), (abs(x) <= kLargestAngle).bits)) return moderate;
  HWY_ALIGN float angles[hn::MaxLanes(FloatTag())], values[hn::MaxLanes(FloatTag())];
  store(x, angles);
  store(moderate, values);
  for (size_t i = 0; i < lanes(); ++i) {
    if (std::abs(angles[i]) <= kLargestAngle) continue;
    values[i] = static_cast<float>(exact(static_cast<double>(angles[i])));
  }
  return load(values);
}

/// sin x, within 1e-7 and, near 0, within 2 ulp
HWY_INLINE Vector sin(Vector x) {
  return sin_of_any(x, 0, [](double angle) { return std::sin(angle); });
}

/// cos x
HWY_INLINE Vector cos(Vector x) {
  return sin_of_any(x, 1, [](double angle) { return std::cos(angle); });
}

/// 1 - Φ(z) for z ≥ 0: e^(-z²/2) times a rational function. z² is exact as a sum of two floats.
HWY_INLINE Vector normal_tail(Vector z) {
  const Vector x = at_most(z, 14.5f);
  const Vector head = float_of(hn::And(bits_of(x), hn::Set(IntTag(), int32_t{-4096})));
  const Vector e = exp_of_sum(-0.5f * head * head, -0.5f * (x - head) * (x + head));
  const Vector p = polynomial(x, 0.5f, 0.43829614f, 0.18323605f, 0.040633544f, 0.0041163587f);
  const Vector q =
      polynomial(x, 1.0f, 1.6744772f, 1.2025069f, 0.46947303f, 0.10185964f, 0.010318061f);
  return e * p / q;
}

/// Φ(x)
HWY_INLINE Vector normal_cdf(Vector x) {
  const Vector tail = normal_tail(abs(x));
  return select(x <= 0, tail, 1 - tail);
}

/// φ(x) = e^(-x²/2) / √(2π)
HWY_INLINE Vector normal_pdf(Vector x) {
  return 0.398942280f * exp(-0.5f * x * x);
}

/// erf x
HWY_INLINE Vector erf(Vector x) {
  const Vector a = abs(x), u = x * x;
  const Vector near_zero = x * polynomial(u, 1.1283791f, -0.37612572f, 0.112827174f, -0.026802551f,
                                          0.0050511f, -0.0006315156f);
  const Vector far = 1 - 2 * normal_tail(1.41421356f * a);
  return select(a <= 0.85f, near_zero, Vector(hn::CopySign(far.v, x.v)));
}

}  // namespace HWY_NAMESPACE
}  // namespace sinapse
HWY_AFTER_NAMESPACE();

#endif
