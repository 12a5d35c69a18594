#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "cpu/narrow.cpp"
#include "cpu/narrow.h"

#include <hwy/foreach_target.h>  // must precede highway.h
#include <hwy/highway.h>

#include "cpu/simd_number.h"

HWY_BEFORE_NAMESPACE();
namespace sinapse {
namespace HWY_NAMESPACE {

HWY_INLINE float dot(const float* a, const float* b, int64_t n) {
  const auto step = static_cast<int64_t>(lanes());
  Vector sums[2];  // two chains, so that one does not wait for the other
  int64_t i = 0;
  for (; i + 2 * step <= n; i += 2 * step) {
    sums[0] = multiply_add(load(a + i), load(b + i), sums[0]);
    sums[1] = multiply_add(load(a + i + step), load(b + i + step), sums[1]);
  }
  if (i + step <= n) {
    sums[0] = multiply_add(load(a + i), load(b + i), sums[0]);
    i += step;
  }
  if (i < n) {
    sums[1] = multiply_add(load_first(a + i, n - i), load_first(b + i, n - i), sums[1]);
  }
  return sum_of_lanes(sums[0] + sums[1]);
}

void forward(Rows x, const float* w, const float* bias, Rows y, int64_t rows, int64_t depth,
             int64_t outputs) {
  for (int64_t r = 0; r < rows; ++r) {
    for (int64_t n = 0; n < outputs; ++n) {
      const float sum = dot(x.data + r * x.stride, w + n * depth, depth);
      y.data[r * y.stride + n] = bias ? sum + bias[n] : sum;
    }
  }
}

// One row of dx: the sum over the outputs, where the gradient of relu lets it through.
template <class Load, class Store>
HWY_INLINE void backward_columns(const float* dy, const float* w, int64_t depth, int64_t outputs,
                                 const float* saved, Load load_some, Store store_some) {
  Vector sum;
  for (int64_t n = 0; n < outputs; ++n) {
    sum = multiply_add(Vector(dy[n]), load_some(w + n * depth), sum);
  }
  if (saved != nullptr) sum = select(load_some(saved) <= Vector(0.0f), Vector(), sum);
  store_some(sum);
}

void backward(Rows dy, const float* w, Rows saved, Rows dx, int64_t rows, int64_t depth,
              int64_t outputs) {
  const auto step = static_cast<int64_t>(lanes());
  for (int64_t r = 0; r < rows; ++r) {
    const float* mask = saved.data ? saved.data + r * saved.stride : nullptr;
    float* to = dx.data + r * dx.stride;
    int64_t k = 0;
    for (; k + step <= depth; k += step) {
      backward_columns(
          dy.data + r * dy.stride, w + k, depth, outputs, mask ? mask + k : nullptr,
          [](const float* from) { return load(from); }, [&](Vector sum) { store(sum, to + k); });
    }
    if (const int64_t rest = depth - k; rest > 0) {
      backward_columns(
          dy.data + r * dy.stride, w + k, depth, outputs, mask ? mask + k : nullptr,
          [&](const float* from) { return load_first(from, rest); },
          [&](Vector sum) { store_first(sum, to + k, rest); });
    }
  }
}

// Columns [k, k + kVectors vectors) of one output's gradient; the sums stay in registers.
template <int kVectors>
HWY_INLINE void gradient_columns(Rows x, const float* dy, int64_t dy_stride, float* dw,
                                 int64_t rows) {
  const auto step = static_cast<int64_t>(lanes());
  Vector sums[kVectors];
  for (int64_t r = 0; r < rows; ++r) {
    const Vector factor(dy[r * dy_stride]);
#pragma GCC unroll 4
    for (int v = 0; v < kVectors; ++v) {
      sums[v] = multiply_add(factor, load(x.data + r * x.stride + v * step), sums[v]);
    }
  }
#pragma GCC unroll 4
  for (int v = 0; v < kVectors; ++v) store(sums[v], dw + v * step);
}

void weight_gradient(Rows x, Rows dy, float* dw, int64_t rows, int64_t depth, int64_t outputs) {
  const auto step = static_cast<int64_t>(lanes());
  for (int64_t n = 0; n < outputs; ++n) {
    const float* factors = dy.data + n;
    float* to = dw + n * depth;
    int64_t k = 0;
    const auto columns = [&] { return Rows{x.data + k, x.stride}; };
    for (; k + 4 * step <= depth; k += 4 * step) {
      gradient_columns<4>(columns(), factors, dy.stride, to + k, rows);
    }
    for (; k + 2 * step <= depth; k += 2 * step) {
      gradient_columns<2>(columns(), factors, dy.stride, to + k, rows);
    }
    for (; k + step <= depth; k += step) {
      gradient_columns<1>(columns(), factors, dy.stride, to + k, rows);
    }
    if (k == depth) continue;
    Vector sum;
    for (int64_t r = 0; r < rows; ++r) {
      const Vector part = load_first(x.data + r * x.stride + k, depth - k);
      sum = multiply_add(Vector(factors[r * dy.stride]), part, sum);
    }
    store_first(sum, to + k, depth - k);
  }
}

const NarrowFunctions* get_narrow_functions() {
  static const NarrowFunctions functions{forward, backward, weight_gradient};
  return &functions;
}

}  // namespace HWY_NAMESPACE
}  // namespace sinapse
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace sinapse {

HWY_EXPORT(get_narrow_functions);

const NarrowFunctions& narrow_functions() {
  return *HWY_DYNAMIC_DISPATCH(get_narrow_functions)();
}

}  // namespace sinapse
#endif
