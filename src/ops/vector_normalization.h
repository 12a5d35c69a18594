// What layer and group normalisation share: the formulas for n numbers that are normalised
// together. Letters: u = (x - mean) * inverse_deviation. `scale` and `bias` are functions of the
// place i.
#pragma once

#include <cmath>

#include "graph/operator.h"

namespace sinapse {

template <class T>
struct Moments {
  T mean, inverse_deviation;
};

template <class T>
Moments<T> moments_of(const T* x, int64_t n, T epsilon) {
  T sum{0}, squares{0};
  for (int64_t i = 0; i < n; ++i) sum += x[i];
  const T mean = sum / static_cast<T>(n);
  for (int64_t i = 0; i < n; ++i) squares += (x[i] - mean) * (x[i] - mean);
  return {mean, 1 / std::sqrt(squares / static_cast<T>(n) + epsilon)};
}

/// y = u scale + bias
template <class T, class Scale, class Bias>
void normalize_vector(const T* x, int64_t n, Moments<T> m, Scale scale, Bias bias, T* y) {
  for (int64_t i = 0; i < n; ++i) {
    y[i] = (x[i] - m.mean) * m.inverse_deviation * scale(i) + bias(i);
  }
}

/// With g = dy scale:  dx = inverse_deviation (g - mean(g) - u mean(g u))
template <class T, class Scale>
void normalize_vector_gradient(const T* x, const T* dy, int64_t n, Moments<T> m, Scale scale,
                               T* dx) {
  T sum{0}, projection{0};
  for (int64_t i = 0; i < n; ++i) {
    const T g = dy[i] * scale(i);
    sum += g;
    projection += g * (x[i] - m.mean) * m.inverse_deviation;
  }
  const T count = static_cast<T>(n);
  for (int64_t i = 0; i < n; ++i) {
    const T u = (x[i] - m.mean) * m.inverse_deviation;
    dx[i] = m.inverse_deviation * (dy[i] * scale(i) - sum / count - u * projection / count);
  }
}

/// The nodes of the gradient: moments once, for both the inputs' and the weights' gradient.
inline std::vector<ValueId> normalization_gradient(GradientBuilder& builder, const Node& node,
                                                   ValueId dy, const Operator& statistics,
                                                   const Operator& scale_gradient,
                                                   const Operator& input_gradient) {
  const ValueId x = node.inputs[0], scale = node.inputs[1];
  const auto moments = builder.append_all(statistics, node, {x}, node.attributes);
  const auto sums = builder.append_all(scale_gradient, node, {x, dy, moments[0], moments[1]});
  ValueId dx = kNoValue;
  if (builder.wanted(x)) {
    dx = builder.append(input_gradient, node, {x, dy, scale, moments[0], moments[1]});
  }
  return {dx, sums[0], sums[1]};
}

}  // namespace sinapse
