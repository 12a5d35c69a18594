// AdaptiveMaxPool: the largest element of each bin, bins as in op::resize's mode "average".
#include <algorithm>

#include <fmt/format.h>

#include "ops/channel_map.h"
#include "ops/operators.h"
#include "ops/window.h"

namespace sinapse {

namespace {

std::vector<Shape> infer_pool(const Graph& graph, const Node& node) {
  const Shape& x = graph.shape(node.inputs[0]);
  const std::vector<int64_t> inputs = spatial_sizes(graph, node, node.inputs[0]);
  const std::vector<int64_t>& sizes = node.integers("sizes");
  bool fits = sizes.size() == inputs.size();
  for (size_t axis = 0; fits && axis < sizes.size(); ++axis) {
    fits = sizes[axis] >= 1 && sizes[axis] <= inputs[axis];
  }
  if (!fits) {
    fail_shape(node, fmt::format("cannot pool x {} to the spatial sizes {}", to_string(x),
                                 to_string(Shape(sizes))));
  }
  return {with_spatial_sizes(x, sizes)};
}

// Terms of one output stand together.
std::vector<MapTerm> bins_of(const Shape& x, const Shape& y) {
  AxisTerms axes;
  for (size_t axis = 2; axis < x.size(); ++axis) {
    std::vector<MapTerm>& terms = axes.emplace_back();
    for (int64_t o = 0; o < y[axis]; ++o) {
      const Bin bin = bin_of(o, x[axis], y[axis]);
      for (int64_t i = bin.begin; i < bin.end; ++i) terms.push_back({o, i, 1});
    }
  }
  std::vector<MapTerm> all = combined(axes, spatial(x), spatial(y));
  std::stable_sort(all.begin(), all.end(),
                   [](const MapTerm& a, const MapTerm& b) { return a.output < b.output; });
  return all;
}

// Calls f(output, input of the largest element) for every bin of one channel; the first of equals,
// and NaN counts as largest.
template <class T, class F>
void for_each_largest(const std::vector<MapTerm>& bins, const T* x, F f) {
  for (size_t begin = 0; begin < bins.size();) {
    int64_t best = bins[begin].input;
    size_t end = begin;
    for (; end < bins.size() && bins[end].output == bins[begin].output; ++end) {
      const T value = x[bins[end].input];
      if (value > x[best] || (value != value && x[best] == x[best])) best = bins[end].input;
    }
    f(bins[begin].output, best);
    begin = end;
  }
}

template <class T>
void reference_pool(const ReferenceCall<T>& call) {
  const View<T>&x = call.inputs[0], &y = call.outputs[0];
  const int64_t channels = call.input_shape(0)[1];
  const auto bins = bins_of(call.input_shape(0), call.graph.shape(call.node.outputs[0]));
  for (int64_t r = 0; r < y.rows; ++r) {
    for (int64_t c = 0; c < channels; ++c) {
      const T* from = x.row(r) + c * (x.columns / channels);
      T* to = y.row(r) + c * (y.columns / channels);
      for_each_largest(bins, from,
                       [&](int64_t output, int64_t input) { to[output] = from[input]; });
    }
  }
}

std::vector<ValueId> gradient_of_pool(GradientBuilder& builder, const Node& node,
                                      std::span<const ValueId> dy) {
  return {builder.append(op::adaptive_max_pool_gradient(), node, {node.inputs[0], dy[0]})};
}

std::vector<Shape> infer_like_x(const Graph& graph, const Node& node) {
  return {graph.shape(node.inputs[0])};
}

template <class T>
void reference_gradient(const ReferenceCall<T>& call) {
  const View<T>&x = call.inputs[0], &dy = call.inputs[1], &dx = call.outputs[0];
  const int64_t channels = call.input_shape(0)[1];
  const auto bins = bins_of(call.input_shape(0), call.input_shape(1));
  for (int64_t r = 0; r < dx.rows; ++r) {
    std::fill_n(dx.row(r), dx.columns, T{0});
    for (int64_t c = 0; c < channels; ++c) {
      const int64_t begin = c * (x.columns / channels);
      for_each_largest(bins, x.row(r) + begin, [&](int64_t output, int64_t input) {
        dx.at(r, begin + input) += dy.at(r, c * (dy.columns / channels) + output);
      });
    }
  }
}

}  // namespace

const Operator& op::adaptive_max_pool() {
  static const Operator definition{
      .name = "AdaptiveMaxPool",
      .doc = "The largest element of each of as many bins as wanted",
      .attributes = {{"sizes", std::vector<int64_t>{}, "spatial sizes of y"}},
      .infer = infer_pool,
      .gradient = gradient_of_pool,
      .reference32 = reference_pool<float>,
      .reference64 = reference_pool<double>};
  return definition;
}

const Operator& op::adaptive_max_pool_gradient() {
  static const Operator definition{
      .name = "AdaptiveMaxPoolGradient",
      .doc = "dy goes to the largest element of each bin.  Inputs x, dy",
      .attributes = {},
      .infer = infer_like_x,
      .reference32 = reference_gradient<float>,
      .reference64 = reference_gradient<double>};
  return definition;
}

}  // namespace sinapse
