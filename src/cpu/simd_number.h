// Vector, the number type that is as many floats as the instruction set at hand has lanes.
// Included once per instruction set by a file that has included hwy/foreach_target.h.
#include <cstddef>
#include <cstdint>
#include <cstring>

#include <hwy/highway.h>

#if defined(SINAPSE_CPU_SIMD_NUMBER_H) == defined(HWY_TARGET_TOGGLE)
#ifdef SINAPSE_CPU_SIMD_NUMBER_H
#undef SINAPSE_CPU_SIMD_NUMBER_H
#else
#define SINAPSE_CPU_SIMD_NUMBER_H
#endif

HWY_BEFORE_NAMESPACE();
namespace sinapse {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

using FloatTag = hn::ScalableTag<float>;
using IntTag = hn::RebindToSigned<FloatTag>;
using IntVector = hn::Vec<IntTag>;

/// The number of floats in a Vector.
HWY_INLINE size_t lanes() {
  return hn::Lanes(FloatTag());
}

/// The result of comparing Vectors.
struct Mask {
  hn::Mask<FloatTag> bits;
};

struct Vector {
  hn::Vec<FloatTag> v;

  HWY_INLINE Vector() : v(hn::Zero(FloatTag())) {}
  HWY_INLINE Vector(float number) : v(hn::Set(FloatTag(), number)) {}  // NOLINT: 1 + x
  explicit HWY_INLINE Vector(hn::Vec<FloatTag> lanes) : v(lanes) {}

  friend HWY_INLINE Vector operator+(Vector a, Vector b) { return Vector(hn::Add(a.v, b.v)); }
  friend HWY_INLINE Vector operator-(Vector a, Vector b) { return Vector(hn::Sub(a.v, b.v)); }
  friend HWY_INLINE Vector operator*(Vector a, Vector b) { return Vector(hn::Mul(a.v, b.v)); }
  friend HWY_INLINE Vector operator/(Vector a, Vector b) { return Vector(hn::Div(a.v, b.v)); }
  friend HWY_INLINE Vector operator-(Vector a) { return Vector(hn::Neg(a.v)); }

  friend HWY_INLINE Mask operator<(Vector a, Vector b) { return {hn::Lt(a.v, b.v)}; }
  friend HWY_INLINE Mask operator<=(Vector a, Vector b) { return {hn::Le(a.v, b.v)}; }
  friend HWY_INLINE Mask operator>(Vector a, Vector b) { return {hn::Gt(a.v, b.v)}; }
  friend HWY_INLINE Mask operator>=(Vector a, Vector b) { return {hn::Ge(a.v, b.v)}; }
  friend HWY_INLINE Mask operator==(Vector a, Vector b) { return {hn::Eq(a.v, b.v)}; }

  friend HWY_INLINE Vector abs(Vector a) { return Vector(hn::Abs(a.v)); }
  friend HWY_INLINE Vector sqrt(Vector a) { return Vector(hn::Sqrt(a.v)); }
};

HWY_INLINE Vector select(Mask mask, Vector a, Vector b) {
  return Vector(hn::IfThenElse(mask.bits, a.v, b.v));
}

/// a·b + c, rounded once where the instruction set can.
HWY_INLINE Vector multiply_add(Vector a, Vector b, Vector c) {
  return Vector(hn::MulAdd(a.v, b.v, c.v));
}

/// x, but not above the limit; NaN stays NaN.
HWY_INLINE Vector at_most(Vector x, Vector limit) {
#if HWY_TARGET == HWY_AVX2 || HWY_TARGET == HWY_AVX3 || HWY_TARGET == HWY_SSE4
  return Vector(hn::Min(limit.v, x.v));  // x86 returns the second operand if one is NaN
#else
  return select(x > limit, limit, x);
#endif
}

/// x, but not below the limit; NaN stays NaN.
HWY_INLINE Vector at_least(Vector x, Vector limit) {
#if HWY_TARGET == HWY_AVX2 || HWY_TARGET == HWY_AVX3 || HWY_TARGET == HWY_SSE4
  return Vector(hn::Max(limit.v, x.v));
#else
  return select(x < limit, limit, x);
#endif
}

/// x limited to [lower, upper]; the overload that formulas find for Vectors.
HWY_INLINE Vector clip(Vector x, Vector lower, Vector upper) {
  return at_least(at_most(x, upper), lower);
}

/// a / b for b > 0, to the same bits as the division where a, b and the result are normal numbers
/// (simd_math_test compares them). A processor with AVX-512 takes 10 to 16 cycles for 16 quotients
/// and can take no root meanwhile; there this is an estimate of 1/b, a step of Newton's method, and
/// a correction by the exact remainder a - b q. P. Markstein, Computation of elementary functions
/// on the IBM RISC System/6000 processor, IBM J. Res. Dev. 34, 1990.
HWY_INLINE Vector quotient(Vector a, Vector b) {
#if HWY_TARGET == HWY_AVX3
  const auto estimate = hn::ApproximateReciprocal(b.v);
  const auto divisor = at_most(b, Vector(3.40282347e38f)).v;  // 0 · infinity would be lost
  const auto error = hn::NegMulAdd(divisor, estimate, hn::Set(FloatTag(), 1.0f));
  const auto inverse = hn::MulAdd(estimate, error, estimate);
  const auto q = hn::Mul(a.v, inverse);
  return Vector(hn::MulAdd(hn::NegMulAdd(divisor, q, a.v), inverse, q));
#else
  return a / b;
#endif
}

/// True in the first n lanes (all, if n ≥ lanes()).
HWY_INLINE Mask first_lanes(size_t n) {
  return {hn::FirstN(FloatTag(), n)};
}

HWY_INLINE Vector load(const float* from) {
  return Vector(hn::LoadU(FloatTag(), from));
}

HWY_INLINE void store(Vector x, float* to) {
  hn::StoreU(x.v, FloatTag(), to);
}

/// The first n < lanes() values, then zeros; reads nothing behind them.
HWY_INLINE Vector load_first(const float* from, size_t n) {
#if HWY_MEM_OPS_MIGHT_FAULT
  HWY_ALIGN float all[hn::MaxLanes(FloatTag())] = {};
  std::memcpy(all, from, n * sizeof(float));
  return load(all);
#else
  return Vector(hn::MaskedLoad(hn::FirstN(FloatTag(), n), FloatTag(), from));
#endif
}

/// Stores the first n < lanes() values and touches nothing behind them.
HWY_INLINE void store_first(Vector x, float* to, size_t n) {
#if HWY_MEM_OPS_MIGHT_FAULT
  HWY_ALIGN float all[hn::MaxLanes(FloatTag())];
  store(x, all);
  std::memcpy(to, all, n * sizeof(float));
#else
  hn::BlendedStore(x.v, hn::FirstN(FloatTag(), n), FloatTag(), to);
#endif
}

HWY_INLINE float sum_of_lanes(Vector x) {
  return hn::GetLane(hn::SumOfLanes(FloatTag(), x.v));
}

HWY_INLINE float max_of_lanes(Vector x) {
  return hn::GetLane(hn::MaxOfLanes(FloatTag(), x.v));
}

}  // namespace HWY_NAMESPACE
}  // namespace sinapse
HWY_AFTER_NAMESPACE();

#endif
