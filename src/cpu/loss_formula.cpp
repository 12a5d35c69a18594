// The formulas of ops/losses-inl.h as SIMD kernels, one set for each instruction set.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "cpu/loss_formula.cpp"
#include "cpu/loss_formula.h"

#include <string>

#include <hwy/foreach_target.h>  // must precede highway.h
#include <hwy/highway.h>

#include "cpu/simd_math.h"
#include "ops/scalars.h"

HWY_BEFORE_NAMESPACE();
namespace sinapse {
namespace HWY_NAMESPACE {

#include "ops/losses-inl.h"

template <class Formula, bool kSlope>
HWY_FLATTEN void evaluate(const float* p, const float* t, const float* constants, float* result,
                          int64_t n) {
  const auto step = static_cast<int64_t>(lanes());
  Vector c[kMaxLossConstants];
  for (size_t i = 0; i < kMaxLossConstants; ++i) c[i] = Vector(constants[i]);
  const auto f = [&c](Vector a, Vector b) HWY_ATTR {
    return kSlope ? Formula::slope(a, b, c) : Formula::value(a, b, c);
  };
  int64_t i = 0;
  for (; i + step <= n; i += step) store(f(load(p + i), load(t + i)), result + i);
  if (const int64_t rest = n - i; rest > 0) {
    store_first(f(load_first(p + i, rest), load_first(t + i, rest)), result + i, rest);
  }
}

template <bool kSlope>
LossFunction find(const char* name) {
  LossFunction function = nullptr;
  with_loss_formula(name, [&](auto formula) { function = evaluate<decltype(formula), kSlope>; });
  return function;
}

LossFunction get_value(const char* name) {
  return find<false>(name);
}
LossFunction get_slope(const char* name) {
  return find<true>(name);
}

}  // namespace HWY_NAMESPACE
}  // namespace sinapse
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace sinapse {

HWY_EXPORT(get_value);
HWY_EXPORT(get_slope);

LossFunction loss_value_function(const Loss& loss) {
  if (const auto own = loss.definition->functions.value) return own;
  return HWY_DYNAMIC_DISPATCH(get_value)(std::string(loss.definition->name).c_str());
}
LossFunction loss_slope_function(const Loss& loss) {
  if (const auto own = loss.definition->functions.slope) return own;
  return HWY_DYNAMIC_DISPATCH(get_slope)(std::string(loss.definition->name).c_str());
}

}  // namespace sinapse
#endif
