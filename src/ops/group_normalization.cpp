// Group normalisation:  y = (x - mean) / sqrt(variance + epsilon) * scale + bias, with the mean and
// variance of each group of neighbouring channels of a row. One group a channel is instance
// normalisation. Letters: n values in a group, u = (x - mean) * inverse_deviation.
#include <fmt/format.h>

#include "ops/operators.h"
#include "ops/vector_normalization.h"

namespace sinapse {

namespace {

void check_groups(const Graph& graph, const Node& node) {
  const Shape& x = graph.shape(node.inputs[0]);
  const int64_t groups = node.integer("groups");
  if (!is_batched(x) || x.size() < 2 || groups < 1 || x[1] % groups != 0) {
    fail_shape(node, fmt::format("the channels of x {} (axis 1) cannot be divided into {} groups",
                                 to_string(x), groups));
  }
}

std::vector<Shape> infer_group(const Graph& graph, const Node& node) {
  check_groups(graph, node);
  const Shape& x = graph.shape(node.inputs[0]);
  for (size_t i = 1; i < 3; ++i) {
    if (graph.shape(node.inputs[i]) != Shape{x[1]}) {
      fail_shape(node, fmt::format("expects {} of shape [{}], but it is {}",
                                   graph.value(node.inputs[i]).name, x[1],
                                   to_string(graph.shape(node.inputs[i]))));
    }
  }
  return {x};
}

std::vector<Shape> infer_statistics(const Graph& graph, const Node& node) {
  check_groups(graph, node);
  const Shape shape = batched({node.integer("groups")});
  return {shape, shape};
}

// Values of one channel of a row.
template <class T>
int64_t values_per_channel(const ReferenceCall<T>& call) {
  return row_size(call.input_shape(0)) / call.input_shape(0)[1];
}

// Calls f(row, group, first column, number of columns) for every group of every row.
template <class T, class F>
void for_each_group(const View<T>& x, int64_t groups, F f) {
  const int64_t n = x.columns / groups;
  for (int64_t r = 0; r < x.rows; ++r) {
    for (int64_t g = 0; g < groups; ++g) f(r, g, g * n, n);
  }
}

// A channel's number for every place of a group that begins at column `begin`.
template <class T>
auto of_channel(const T* numbers, int64_t begin, int64_t inner) {
  return [=](int64_t i) { return numbers[(begin + i) / inner]; };
}

template <class T>
void reference_group(const ReferenceCall<T>& call) {
  const View<T>&x = call.inputs[0], &y = call.outputs[0];
  const T *scale = call.inputs[1].data, *bias = call.inputs[2].data;
  const T epsilon = static_cast<T>(call.node.number("epsilon"));
  const int64_t inner = values_per_channel(call);
  for_each_group(x, call.node.integer("groups"), [&](int64_t r, int64_t, int64_t begin, int64_t n) {
    const T* from = x.row(r) + begin;
    normalize_vector(from, n, moments_of(from, n, epsilon), of_channel(scale, begin, inner),
                     of_channel(bias, begin, inner), y.row(r) + begin);
  });
}

template <class T>
void reference_statistics(const ReferenceCall<T>& call) {
  const View<T>& x = call.inputs[0];
  const T epsilon = static_cast<T>(call.node.number("epsilon"));
  for_each_group(x, call.node.integer("groups"),
                 [&](int64_t r, int64_t group, int64_t begin, int64_t n) {
                   const Moments<T> m = moments_of(x.row(r) + begin, n, epsilon);
                   call.outputs[0].at(r, group) = m.mean;
                   call.outputs[1].at(r, group) = m.inverse_deviation;
                 });
}

std::vector<ValueId> gradient_of_group(GradientBuilder& builder, const Node& node,
                                       std::span<const ValueId> dy) {
  return normalization_gradient(builder, node, dy[0], op::group_statistics(),
                                op::group_normalization_scale_gradient(),
                                op::group_normalization_input_gradient());
}

std::vector<Shape> infer_same(const Graph& graph, const Node& node) {
  return {graph.shape(node.inputs[0])};
}

template <class T>
void reference_input_gradient(const ReferenceCall<T>& call) {
  const View<T>&x = call.inputs[0], &dy = call.inputs[1], &dx = call.outputs[0];
  const T* scale = call.inputs[2].data;
  const int64_t inner = values_per_channel(call);
  for_each_group(x, call.inputs[3].columns,
                 [&](int64_t r, int64_t group, int64_t begin, int64_t n) {
                   const Moments<T> m{call.inputs[3].at(r, group), call.inputs[4].at(r, group)};
                   normalize_vector_gradient(x.row(r) + begin, dy.row(r) + begin, n, m,
                                             of_channel(scale, begin, inner), dx.row(r) + begin);
                 });
}

std::vector<Shape> infer_scale_gradient(const Graph& graph, const Node& node) {
  const Shape channels{graph.shape(node.inputs[0])[1]};
  return {channels, channels};
}

template <class T>
void reference_scale_gradient(const ReferenceCall<T>& call) {
  const View<T>&x = call.inputs[0], &dy = call.inputs[1];
  T *dscale = call.outputs[0].data, *dbias = call.outputs[1].data;
  std::fill_n(dscale, call.outputs[0].columns, T{0});
  std::fill_n(dbias, call.outputs[1].columns, T{0});
  const int64_t inner = values_per_channel(call);
  for_each_group(x, call.inputs[2].columns,
                 [&](int64_t r, int64_t group, int64_t begin, int64_t n) {
                   const T mean = call.inputs[2].at(r, group);
                   const T inverse = call.inputs[3].at(r, group);
                   for (int64_t c = begin; c < begin + n; ++c) {
                     dscale[c / inner] += dy.at(r, c) * (x.at(r, c) - mean) * inverse;
                     dbias[c / inner] += dy.at(r, c);
                   }
                 });
}

const std::vector<AttributeSpec>& attributes() {
  static const std::vector<AttributeSpec> specs{
      {"groups", int64_t{1}, "groups of neighbouring channels"},
      {"epsilon", 1e-5, "keeps the root away from zero"}};
  return specs;
}

}  // namespace

const Operator& op::group_normalization() {
  static const Operator definition{
      .name = "GroupNormalization",
      .doc =
          "y = (x - mean) / sqrt(variance + epsilon) * scale + bias over groups of channels of a "
          "row.  Wu, He 2018",
      .attributes = attributes(),
      .infer = infer_group,
      .gradient = gradient_of_group,
      .reference32 = reference_group<float>,
      .reference64 = reference_group<double>};
  return definition;
}

const Operator& op::group_statistics() {
  static const Operator definition{
      .name = "GroupStatistics",
      .doc = "Mean and 1 / sqrt(variance + epsilon) of each group of channels of a row",
      .attributes = attributes(),
      .infer = infer_statistics,
      .reference32 = reference_statistics<float>,
      .reference64 = reference_statistics<double>};
  return definition;
}

const Operator& op::group_normalization_input_gradient() {
  static const Operator definition{.name = "GroupNormalizationInputGradient",
                                   .doc = "dx.  Inputs x, dy, scale, mean, inverse_deviation",
                                   .attributes = {},
                                   .infer = infer_same,
                                   .reference32 = reference_input_gradient<float>,
                                   .reference64 = reference_input_gradient<double>};
  return definition;
}

const Operator& op::group_normalization_scale_gradient() {
  static const Operator definition{.name = "GroupNormalizationScaleGradient",
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
