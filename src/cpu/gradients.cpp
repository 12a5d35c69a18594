#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "cpu/gradients.cpp"
#include "cpu/gradients.h"

#include <algorithm>

#include <hwy/foreach_target.h>  // must precede highway.h
#include <hwy/highway.h>

#include "cpu/lanes.h"

HWY_BEFORE_NAMESPACE();
namespace sinapse {
namespace HWY_NAMESPACE {

void penalty(const float* gradient, const float* weight, float* y, int64_t n, float l1,
             float twice_l2) {
  const Vector zero(0.0f), up(l1), down(-l1), slope(twice_l2);
  for (int64_t i = 0; i < n; i += static_cast<int64_t>(lanes())) {
    const Lanes part(n - i);
    const Vector w = part.from(weight + i);
    const Vector sign = select(w > zero, up, select(w < zero, down, zero));
    part.to(part.from(gradient + i) + multiply_add(slope, w, sign), y + i);
  }
}

void clip_all(const float* x, float* y, int64_t n, float limit) {
  const Vector most(limit), least(-limit);
  for (int64_t i = 0; i < n; i += static_cast<int64_t>(lanes())) {
    const Lanes part(n - i);
    part.to(clip(part.from(x + i), least, most), y + i);
  }
}

void average(float* average, const float* weight, int64_t n, float share) {
  if (share == 1) {
    std::copy_n(weight, n, average);
    return;
  }
  const Vector factor(share);
  for (int64_t i = 0; i < n; i += static_cast<int64_t>(lanes())) {
    const Lanes part(n - i);
    const Vector a = part.from(average + i);
    part.to(multiply_add(factor, part.from(weight + i) - a, a), average + i);
  }
}

float squared_sum(const float* x, int64_t rows, int64_t n, int64_t stride) {
  const auto step = static_cast<int64_t>(lanes());
  Vector a, b;
  for (int64_t r = 0; r < rows; ++r) {
    const float* row = x + r * stride;
    int64_t i = 0;
    for (; i + 2 * step <= n; i += 2 * step) {
      const Vector u = load(row + i), v = load(row + i + step);
      a = multiply_add(u, u, a);
      b = multiply_add(v, v, b);
    }
    for (; i < n; i += step) {
      const Vector u = Lanes(n - i).from(row + i);
      a = multiply_add(u, u, a);
    }
  }
  return sum_of_lanes(a + b);
}

void column_squares(const float* x, int64_t depth, int64_t width, float* sums) {
  for (int64_t c = 0; c < width; c += static_cast<int64_t>(lanes())) {
    const Lanes part(width - c);
    Vector sum;
    for (int64_t d = 0; d < depth; ++d) {
      const Vector u = part.from(x + d * width + c);
      sum = multiply_add(u, u, sum);
    }
    part.to(sum, sums + c);
  }
}

void scale_columns(float* x, int64_t depth, int64_t width, const float* factors) {
  for (int64_t d = 0; d < depth; ++d) {
    for (int64_t c = 0; c < width; c += static_cast<int64_t>(lanes())) {
      const Lanes part(width - c);
      part.to(part.from(x + d * width + c) * part.from(factors + c), x + d * width + c);
    }
  }
}

void not_negative(float* x, int64_t n) {
  const Vector zero(0.0f);
  for (int64_t i = 0; i < n; i += static_cast<int64_t>(lanes())) {
    const Lanes part(n - i);
    const Vector u = part.from(x + i);
    part.to(select(u < zero, zero, u), x + i);
  }
}

const GradientFunctions* get_gradients() {
  static const GradientFunctions functions{penalty,        clip_all,      average,     squared_sum,
                                           column_squares, scale_columns, not_negative};
  return &functions;
}

}  // namespace HWY_NAMESPACE
}  // namespace sinapse
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace sinapse {
HWY_EXPORT(get_gradients);
const GradientFunctions& gradient_functions() {
  return *HWY_DYNAMIC_DISPATCH(get_gradients)();
}
}  // namespace sinapse
#endif
