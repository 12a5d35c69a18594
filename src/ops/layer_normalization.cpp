// Layer normalisation over the last axis:  y = (x - mean) / sqrt(variance + epsilon) * scale + bias
// Letters: n values in a vector, u = (x - mean) * inverse_deviation.
#include <fmt/format.h>

#include "ops/operators.h"
#include "ops/vector_normalization.h"

namespace sinapse {

namespace {

std::vector<Shape> infer_layer(const Graph& graph, const Node& node) {
  const Shape& x = graph.shape(node.inputs[0]);
  if (x.size() < 2) fail_shape(node, "x " + to_string(x) + " has no axis to normalise");
  for (size_t i = 1; i < 3; ++i) {
    if (graph.shape(node.inputs[i]) != Shape{x.back()}) {
      fail_shape(node, fmt::format("expects {} of shape [{}], but it is {}",
                                   graph.value(node.inputs[i]).name, x.back(),
                                   to_string(graph.shape(node.inputs[i]))));
    }
  }
  return {x};
}

// Calls f(x, row, offset, n) for every vector along the last axis.
template <class T, class F>
void for_each_vector(const ReferenceCall<T>& call, F f) {
  const int64_t n = call.input_shape(0).back();
  const View<T>& x = call.inputs[0];
  for (int64_t r = 0; r < x.rows; ++r) {
    for (int64_t begin = 0; begin < x.columns; begin += n) f(x.row(r) + begin, r, begin, n);
  }
}

template <class T>
auto by_place(const T* numbers) {
  return [=](int64_t i) { return numbers[i]; };
}

template <class T>
void reference_layer(const ReferenceCall<T>& call) {
  const T *scale = call.inputs[1].data, *bias = call.inputs[2].data;
  for_each_vector(call, [&](const T* x, int64_t r, int64_t begin, int64_t n) {
    const Moments<T> m = moments_of(x, n, static_cast<T>(call.node.number("epsilon")));
    normalize_vector(x, n, m, by_place(scale), by_place(bias), call.outputs[0].row(r) + begin);
  });
}

std::vector<ValueId> gradient_of_layer(GradientBuilder& builder, const Node& node,
                                       std::span<const ValueId> dy) {
  return normalization_gradient(builder, node, dy[0], op::layer_statistics(),
                                op::layer_normalization_scale_gradient(),
                                op::layer_normalization_input_gradient());
}

std::vector<Shape> infer_statistics(const Graph& graph, const Node& node) {
  const Shape& x = graph.shape(node.inputs[0]);
  const Shape vectors{row_size(x) / x.back()};
  const Shape shape = is_batched(x) ? batched(vectors) : vectors;
  return {shape, shape};
}

template <class T>
void reference_statistics(const ReferenceCall<T>& call) {
  for_each_vector(call, [&](const T* x, int64_t r, int64_t begin, int64_t n) {
    const Moments<T> m = moments_of(x, n, static_cast<T>(call.node.number("epsilon")));
    call.outputs[0].at(r, begin / n) = m.mean;
    call.outputs[1].at(r, begin / n) = m.inverse_deviation;
  });
}

std::vector<Shape> infer_same(const Graph& graph, const Node& node) {
  return {graph.shape(node.inputs[0])};
}

template <class T>
void reference_input_gradient(const ReferenceCall<T>& call) {
  const T* scale = call.inputs[2].data;
  for_each_vector(call, [&](const T* x, int64_t r, int64_t begin, int64_t n) {
    const Moments<T> m{call.inputs[3].at(r, begin / n), call.inputs[4].at(r, begin / n)};
    normalize_vector_gradient(x, call.inputs[1].row(r) + begin, n, m, by_place(scale),
                              call.outputs[0].row(r) + begin);
  });
}

std::vector<Shape> infer_scale_gradient(const Graph& graph, const Node& node) {
  const Shape channels{graph.shape(node.inputs[0]).back()};
  return {channels, channels};
}

template <class T>
void reference_scale_gradient(const ReferenceCall<T>& call) {
  T *dscale = call.outputs[0].data, *dbias = call.outputs[1].data;
  for (int64_t i = 0; i < call.outputs[0].columns; ++i) dscale[i] = dbias[i] = 0;
  for_each_vector(call, [&](const T* x, int64_t r, int64_t begin, int64_t n) {
    const T* dy = call.inputs[1].row(r) + begin;
    const T mean = call.inputs[2].at(r, begin / n), inverse = call.inputs[3].at(r, begin / n);
    for (int64_t i = 0; i < n; ++i) {
      dscale[i] += dy[i] * (x[i] - mean) * inverse;
      dbias[i] += dy[i];
    }
  });
}

const std::vector<AttributeSpec>& attributes() {
  static const std::vector<AttributeSpec> specs{{"epsilon", 1e-5, "keeps the root away from zero"}};
  return specs;
}

}  // namespace

const Operator& op::layer_normalization() {
  static const Operator definition{
      .name = "LayerNormalization",
      .doc =
          "y = (x - mean) / sqrt(variance + epsilon) * scale + bias over the last axis.  Ba, "
          "Kiros, Hinton 2016",
      .attributes = attributes(),
      .infer = infer_layer,
      .gradient = gradient_of_layer,
      .reference32 = reference_layer<float>,
      .reference64 = reference_layer<double>};
  return definition;
}

const Operator& op::layer_statistics() {
  static const Operator definition{
      .name = "LayerStatistics",
      .doc = "Mean and 1 / sqrt(variance + epsilon) of each vector along the last axis",
      .attributes = attributes(),
      .infer = infer_statistics,
      .reference32 = reference_statistics<float>,
      .reference64 = reference_statistics<double>};
  return definition;
}

const Operator& op::layer_normalization_input_gradient() {
  static const Operator definition{.name = "LayerNormalizationInputGradient",
                                   .doc = "dx.  Inputs x, dy, scale, mean, inverse_deviation",
                                   .attributes = {},
                                   .infer = infer_same,
                                   .reference32 = reference_input_gradient<float>,
                                   .reference64 = reference_input_gradient<double>};
  return definition;
}

const Operator& op::layer_normalization_scale_gradient() {
  static const Operator definition{.name = "LayerNormalizationScaleGradient",
                                   .doc =
                                       "dscale = sum(dy u), dbias = sum(dy).  Inputs x, dy, mean, "
                                       "inverse_deviation",
                                   .attributes = {},
                                   .infer = infer_scale_gradient,
                                   .reference32 = reference_scale_gradient<float>,
                                   .reference64 = reference_scale_gradient<double>};
  return definition;
}

}  // namespace sinapse
