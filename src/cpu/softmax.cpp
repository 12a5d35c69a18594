// Softmax, log-softmax and cross-entropy, one row after the other, for each instruction set.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "cpu/softmax.cpp"
#include "cpu/softmax.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>

#include <hwy/foreach_target.h>  // must precede highway.h
#include <hwy/highway.h>

#include "cpu/simd_math.h"

HWY_BEFORE_NAMESPACE();
namespace sinapse {
namespace HWY_NAMESPACE {

constexpr float kInfinity = std::numeric_limits<float>::infinity();

/// The next values of a row of which `rest` are left, then zeros.
HWY_INLINE Vector load_some(const float* from, size_t rest) {
  return rest >= lanes() ? load(from) : load_first(from, rest);
}

HWY_INLINE void store_some(Vector x, float* to, size_t rest) {
  if (rest >= lanes()) {
    store(x, to);
  } else {
    store_first(x, to, rest);
  }
}

HWY_INLINE float row_max(const float* x, size_t n) {
  Vector largest = -kInfinity;
  for (size_t i = 0; i < n; i += lanes())
    largest = at_least(select(first_lanes(n - i), load_some(x + i, n - i), -kInfinity), largest);
  return max_of_lanes(largest);
}

/// Σ e^(x - largest); also writes the terms to y unless it is null. A NaN anywhere makes it NaN.
HWY_INLINE float exponentials(const float* x, float largest, float* y, size_t n) {
  Vector sum = 0;
  for (size_t i = 0; i < n; i += lanes()) {
    const Vector e = exp(load_some(x + i, n - i) - largest);
    sum = sum + select(first_lanes(n - i), e, 0);
    if (y != nullptr) store_some(e, y + i, n - i);
  }
  return sum_of_lanes(sum);
}

HWY_INLINE void scale(float* y, float factor, size_t n) {
  for (size_t i = 0; i < n; i += lanes())
    store_some(load_some(y + i, n - i) * factor, y + i, n - i);
}

void softmax_rows(const float* x, float* y, size_t rows, size_t columns, size_t x_stride,
                  size_t y_stride) {
  for (size_t r = 0; r < rows; ++r, x += x_stride, y += y_stride)
    scale(y, 1 / exponentials(x, row_max(x, columns), y, columns), columns);
}

void softmax_rows_backward(const float* y, const float* dy, float* dx, size_t rows, size_t columns,
                           size_t y_stride, size_t dy_stride, size_t dx_stride) {
  for (size_t r = 0; r < rows; ++r, y += y_stride, dy += dy_stride, dx += dx_stride) {
    Vector products = 0;
    for (size_t i = 0; i < columns; i += lanes()) {
      const size_t rest = columns - i;
      products = multiply_add(load_some(y + i, rest), load_some(dy + i, rest), products);
    }
    const Vector sum = sum_of_lanes(products);
    for (size_t i = 0; i < columns; i += lanes()) {
      const size_t rest = columns - i;
      store_some(load_some(y + i, rest) * (load_some(dy + i, rest) - sum), dx + i, rest);
    }
  }
}

void log_softmax_rows(const float* x, float* y, size_t rows, size_t columns, size_t x_stride,
                      size_t y_stride) {
  for (size_t r = 0; r < rows; ++r, x += x_stride, y += y_stride) {
    const float largest = row_max(x, columns);
    const Vector log_sum = std::log(exponentials(x, largest, nullptr, columns));
    for (size_t i = 0; i < columns; i += lanes())
      store_some(load_some(x + i, columns - i) - largest - log_sum, y + i, columns - i);
  }
}

void log_softmax_rows_backward(const float* y, const float* dy, float* dx, size_t rows,
                               size_t columns, size_t y_stride, size_t dy_stride,
                               size_t dx_stride) {
  for (size_t r = 0; r < rows; ++r, y += y_stride, dy += dy_stride, dx += dx_stride) {
    Vector total = 0;
    for (size_t i = 0; i < columns; i += lanes()) total = total + load_some(dy + i, columns - i);
    const Vector sum = sum_of_lanes(total);
    for (size_t i = 0; i < columns; i += lanes()) {
      const size_t rest = columns - i;
      store_some(load_some(dy + i, rest) - exp(load_some(y + i, rest)) * sum, dx + i, rest);
    }
  }
}

void softmax_cross_entropy_rows(const float* logits, const float* labels, const float* weights,
                                float* loss, float* gradient, size_t rows, size_t columns,
                                size_t stride) {
  for (size_t r = 0; r < rows; ++r, logits += stride) {
    const size_t label = static_cast<size_t>(labels[r]);
    assert(labels[r] >= 0 && label < columns);
    const float wanted = logits[label], largest = row_max(logits, columns);
    const float sum = exponentials(logits, largest, gradient, columns);
    if (loss != nullptr) loss[r] = (largest - wanted) + std::log(sum);
    if (gradient == nullptr) continue;
    const float weight = weights == nullptr ? 1 : weights[r];
    scale(gradient, weight / sum, columns);
    gradient[label] -= weight;
    std::fill(gradient + columns, gradient + stride, 0.0f);
    gradient += stride;
  }
}

HWY_INLINE float row_sum(const float* x, size_t n) {
  Vector sum = 0;
  for (size_t i = 0; i < n; i += lanes()) sum = sum + load_some(x + i, n - i);
  return sum_of_lanes(sum);
}

// y = factor y - shift
HWY_INLINE void scale_and_shift(float* y, float factor, float shift, size_t n) {
  for (size_t i = 0; i < n; i += lanes())
    store_some(load_some(y + i, n - i) * factor - shift, y + i, n - i);
}

void softmax_loss_rows(const float* logits, const float* labels, const float* weights, float* loss,
                       float* gradient, size_t rows, size_t columns, size_t stride,
                       const SoftmaxLossConstants& c) {
  const float spread = c.label_smoothing / static_cast<float>(columns);
  for (size_t r = 0; r < rows; ++r, logits += stride) {
    const size_t label = static_cast<size_t>(labels[r]);
    const float wanted = logits[label], largest = row_max(logits, columns);
    const float logit_sum = row_sum(logits, columns);
    const float sum = exponentials(logits, largest, gradient, columns);
    const float surprise = (largest - wanted) + std::log(sum);
    const float miss = std::max(sum - std::exp(wanted - largest), 0.0f) / sum;
    const float focus = c.alpha * std::pow(miss, c.gamma);
    if (loss != nullptr) {
      const float all = static_cast<float>(columns) * (largest + std::log(sum)) - logit_sum;
      loss[r] = focus * ((1 - c.label_smoothing) * surprise + spread * all);
    }
    if (gradient == nullptr) continue;
    const float ratio = miss > 0 ? surprise / miss : 1;
    const float factor =
        (weights == nullptr ? 1 : weights[r]) * focus * (1 + c.gamma * (1 - miss) * ratio);
    scale_and_shift(gradient, factor / sum, factor * spread, columns);
    gradient[label] -= factor * (1 - c.label_smoothing);
    std::fill(gradient + columns, gradient + stride, 0.0f);
    gradient += stride;
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace sinapse
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace sinapse {

HWY_EXPORT(softmax_rows);
HWY_EXPORT(softmax_rows_backward);
HWY_EXPORT(log_softmax_rows);
HWY_EXPORT(log_softmax_rows_backward);
HWY_EXPORT(softmax_cross_entropy_rows);
HWY_EXPORT(softmax_loss_rows);

void softmax_rows(const float* x, float* y, size_t rows, size_t columns, size_t x_stride,
                  size_t y_stride) {
  HWY_DYNAMIC_DISPATCH(softmax_rows)(x, y, rows, columns, x_stride, y_stride);
}

void softmax_rows_backward(const float* y, const float* dy, float* dx, size_t rows, size_t columns,
                           size_t y_stride, size_t dy_stride, size_t dx_stride) {
  HWY_DYNAMIC_DISPATCH(softmax_rows_backward)
  (y, dy, dx, rows, columns, y_stride, dy_stride, dx_stride);
}

void log_softmax_rows(const float* x, float* y, size_t rows, size_t columns, size_t x_stride,
                      size_t y_stride) {
  HWY_DYNAMIC_DISPATCH(log_softmax_rows)(x, y, rows, columns, x_stride, y_stride);
}

void log_softmax_rows_backward(const float* y, const float* dy, float* dx, size_t rows,
                               size_t columns, size_t y_stride, size_t dy_stride,
                               size_t dx_stride) {
  HWY_DYNAMIC_DISPATCH(log_softmax_rows_backward)
  (y, dy, dx, rows, columns, y_stride, dy_stride, dx_stride);
}

void softmax_cross_entropy_rows(const float* logits, const float* labels, const float* weights,
                                float* loss, float* gradient, size_t rows, size_t columns,
                                size_t stride) {
  HWY_DYNAMIC_DISPATCH(softmax_cross_entropy_rows)
  (logits, labels, weights, loss, gradient, rows, columns, stride);
}

void softmax_loss_rows(const float* logits, const float* labels, const float* weights, float* loss,
                       float* gradient, size_t rows, size_t columns, size_t stride,
                       const SoftmaxLossConstants& constants) {
  HWY_DYNAMIC_DISPATCH(softmax_loss_rows)
  (logits, labels, weights, loss, gradient, rows, columns, stride, constants);
}

}  // namespace sinapse
#endif
