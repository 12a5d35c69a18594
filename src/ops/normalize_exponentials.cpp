// Softmax and its logarithm over the last axis: e^(x - max) / sum e^(x - max). The maximum is
// subtracted so that no exponential overflows.
#include <algorithm>
#include <cmath>

#include "ops/operators.h"

namespace sinapse {

namespace {

std::vector<Shape> infer_same(const Graph& graph, const Node& node) {
  return {graph.shape(node.inputs[0])};
}

// Calls f(offset in the row) for every vector along the last axis of a row.
template <class T, class F>
void for_each_vector(const ReferenceCall<T>& call, F f) {
  const int64_t size = call.input_shape(0).back();
  const View<T>& y = call.outputs[0];
  for (int64_t r = 0; r < y.rows; ++r) {
    for (int64_t begin = 0; begin < y.columns; begin += size) f(r, begin, size);
  }
}

template <class T>
T log_sum_exp(const T* x, int64_t size, T largest) {
  T sum{0};
  for (int64_t i = 0; i < size; ++i) sum += std::exp(x[i] - largest);
  return largest + std::log(sum);
}

template <class T>
void reference_softmax(const ReferenceCall<T>& call) {
  for_each_vector(call, [&](int64_t r, int64_t begin, int64_t size) {
    const T* x = call.inputs[0].row(r) + begin;
    T* y = call.outputs[0].row(r) + begin;
    const T largest = *std::max_element(x, x + size);
    T sum{0};
    for (int64_t i = 0; i < size; ++i) sum += y[i] = std::exp(x[i] - largest);
    for (int64_t i = 0; i < size; ++i) y[i] /= sum;
  });
}

template <class T>
void reference_log_softmax(const ReferenceCall<T>& call) {
  for_each_vector(call, [&](int64_t r, int64_t begin, int64_t size) {
    const T* x = call.inputs[0].row(r) + begin;
    T* y = call.outputs[0].row(r) + begin;
    const T total = log_sum_exp(x, size, *std::max_element(x, x + size));
    for (int64_t i = 0; i < size; ++i) y[i] = x[i] - total;
  });
}

// dx = y (dy - sum(dy y))
template <class T>
void reference_softmax_gradient(const ReferenceCall<T>& call) {
  for_each_vector(call, [&](int64_t r, int64_t begin, int64_t size) {
    const T *y = call.inputs[0].row(r) + begin, *dy = call.inputs[1].row(r) + begin;
    T* dx = call.outputs[0].row(r) + begin;
    T dot{0};
    for (int64_t i = 0; i < size; ++i) dot += dy[i] * y[i];
    for (int64_t i = 0; i < size; ++i) dx[i] = y[i] * (dy[i] - dot);
  });
}

// dx = dy - e^y sum(dy)
template <class T>
void reference_log_softmax_gradient(const ReferenceCall<T>& call) {
  for_each_vector(call, [&](int64_t r, int64_t begin, int64_t size) {
    const T *y = call.inputs[0].row(r) + begin, *dy = call.inputs[1].row(r) + begin;
    T* dx = call.outputs[0].row(r) + begin;
    T total{0};
    for (int64_t i = 0; i < size; ++i) total += dy[i];
    for (int64_t i = 0; i < size; ++i) dx[i] = dy[i] - std::exp(y[i]) * total;
  });
}

std::vector<ValueId> gradient_of_softmax(GradientBuilder& builder, const Node& node,
                                         std::span<const ValueId> dy) {
  return {builder.append(op::softmax_gradient(), node, {node.outputs[0], dy[0]})};
}

std::vector<ValueId> gradient_of_log_softmax(GradientBuilder& builder, const Node& node,
                                             std::span<const ValueId> dy) {
  return {builder.append(op::log_softmax_gradient(), node, {node.outputs[0], dy[0]})};
}

}  // namespace

const Operator& op::softmax() {
  static const Operator definition{.name = "Softmax",
                                   .doc = "y_i = e^(x_i) / sum_j e^(x_j) over the last axis",
                                   .attributes = {},
                                   .infer = infer_same,
                                   .gradient = gradient_of_softmax,
                                   .reference32 = reference_softmax<float>,
                                   .reference64 = reference_softmax<double>};
  return definition;
}

const Operator& op::softmax_gradient() {
  static const Operator definition{.name = "SoftmaxGradient",
                                   .doc = "dx = y (dy - sum(dy y)).  Inputs y, dy",
                                   .attributes = {},
                                   .infer = infer_same,
                                   .reference32 = reference_softmax_gradient<float>,
                                   .reference64 = reference_softmax_gradient<double>};
  return definition;
}

const Operator& op::log_softmax() {
  static const Operator definition{.name = "LogSoftmax",
                                   .doc = "y_i = x_i - log sum_j e^(x_j) over the last axis",
                                   .attributes = {},
                                   .infer = infer_same,
                                   .gradient = gradient_of_log_softmax,
                                   .reference32 = reference_log_softmax<float>,
                                   .reference64 = reference_log_softmax<double>};
  return definition;
}

const Operator& op::log_softmax_gradient() {
  static const Operator definition{.name = "LogSoftmaxGradient",
                                   .doc = "dx = dy - e^y sum(dy).  Inputs y, dy",
                                   .attributes = {},
                                   .infer = infer_same,
                                   .reference32 = reference_log_softmax_gradient<float>,
                                   .reference64 = reference_log_softmax_gradient<double>};
  return definition;
}

}  // namespace sinapse
