// Pooling over windows of each channel: the largest element, or the mean.
#include <algorithm>

#include <fmt/format.h>

#include "ops/operators.h"
#include "ops/window.h"

namespace sinapse {

namespace {

std::vector<Shape> infer_pool(const Graph& graph, const Node& node) {
  const std::vector<int64_t> sizes = spatial_sizes(graph, node, node.inputs[0]);
  const Window window = window_of(node, node.integers("kernel_shape"));
  const std::vector<int64_t> pooled = output_sizes(node, window, sizes);
  for (size_t axis = 0; axis < window.rank(); ++axis) {
    if (std::max(window.pads[axis], window.pads[window.rank() + axis]) >= window.extent(axis)) {
      fail_shape(node, "padding must be smaller than the window, or a window would be empty");
    }
  }
  Shape row{graph.shape(node.inputs[0])[1]};
  row.insert(row.end(), pooled.begin(), pooled.end());
  return {batched(row)};
}

std::vector<Shape> infer_like_x(const Graph& graph, const Node& node) {
  return {graph.shape(node.inputs[0])};
}

// The windows of one channel; all channels are alike.
struct ChannelWindows {
  std::vector<Tap> taps;
  int64_t channels = 0, input_elements = 0, output_elements = 0, window_elements = 0;
};

ChannelWindows windows_of(const Node& node, const Shape& x, const Shape& y) {
  const Window window = window_of(node, node.integers("kernel_shape"));
  const std::span<const int64_t> from = std::span(x).subspan(2), to = std::span(y).subspan(2);
  ChannelWindows all{.taps = taps_of(window, from, to), .channels = x[1]};
  all.input_elements = row_size(x) / x[1];
  all.output_elements = row_size(y) / y[1];
  all.window_elements = 1;
  for (const int64_t size : window.kernel) all.window_elements *= size;
  return all;
}

// Calls f(first tap, one behind the last tap) for each window.
template <class F>
void for_each_window(const std::vector<Tap>& taps, F f) {
  for (size_t begin = 0; begin < taps.size();) {
    size_t end = begin;
    while (end < taps.size() && taps[end].output == taps[begin].output) ++end;
    f(taps.data() + begin, taps.data() + end);
    begin = end;
  }
}

// The first of the largest elements; NaN counts as largest, so that it is not lost.
template <class T>
const Tap* largest(const T* x, const Tap* begin, const Tap* end) {
  const Tap* best = begin;
  for (const Tap* tap = begin; tap != end; ++tap) {
    const T value = x[tap->input];
    if (value > x[best->input] || (value != value && x[best->input] == x[best->input])) best = tap;
  }
  return best;
}

template <class T>
void reference_max_pool(const ReferenceCall<T>& call) {
  const View<T>&x = call.inputs[0], &y = call.outputs[0];
  const ChannelWindows all =
      windows_of(call.node, call.input_shape(0), call.graph.shape(call.node.outputs[0]));
  for (int64_t r = 0; r < y.rows; ++r) {
    for (int64_t c = 0; c < all.channels; ++c) {
      const T* from = x.row(r) + c * all.input_elements;
      T* to = y.row(r) + c * all.output_elements;
      for_each_window(all.taps, [&](const Tap* begin, const Tap* end) {
        to[begin->output] = from[largest(from, begin, end)->input];
      });
    }
  }
}

Attributes pool_attributes_of(const Node& node) {
  Attributes attributes = window_attributes_of(node);
  attributes["kernel_shape"] = node.integers("kernel_shape");
  return attributes;
}

std::vector<ValueId> gradient_of_max_pool(GradientBuilder& builder, const Node& node,
                                          std::span<const ValueId> dy) {
  return {builder.append(op::max_pool_gradient(), node, {node.inputs[0], dy[0]},
                         pool_attributes_of(node))};
}

template <class T>
void reference_max_pool_gradient(const ReferenceCall<T>& call) {
  const View<T>&x = call.inputs[0], &dy = call.inputs[1], &dx = call.outputs[0];
  const ChannelWindows all = windows_of(call.node, call.input_shape(0), call.input_shape(1));
  for (int64_t r = 0; r < dx.rows; ++r) {
    std::fill_n(dx.row(r), dx.columns, T{0});
    for (int64_t c = 0; c < all.channels; ++c) {
      const T* from = x.row(r) + c * all.input_elements;
      for_each_window(all.taps, [&](const Tap* begin, const Tap* end) {
        dx.at(r, c * all.input_elements + largest(from, begin, end)->input) +=
            dy.at(r, c * all.output_elements + begin->output);
      });
    }
  }
}

// What the sum over a window is divided by.
int64_t divisor(const Node& node, const ChannelWindows& all, const Tap* begin, const Tap* end) {
  return node.integer("count_include_pad") != 0 ? all.window_elements : end - begin;
}

template <class T>
void reference_average_pool(const ReferenceCall<T>& call) {
  const View<T>&x = call.inputs[0], &y = call.outputs[0];
  const ChannelWindows all =
      windows_of(call.node, call.input_shape(0), call.graph.shape(call.node.outputs[0]));
  for (int64_t r = 0; r < y.rows; ++r) {
    for (int64_t c = 0; c < all.channels; ++c) {
      for_each_window(all.taps, [&](const Tap* begin, const Tap* end) {
        T sum{0};
        for (const Tap* tap = begin; tap != end; ++tap) {
          sum += x.at(r, c * all.input_elements + tap->input);
        }
        y.at(r, c * all.output_elements + begin->output) =
            sum / static_cast<T>(divisor(call.node, all, begin, end));
      });
    }
  }
}

std::vector<ValueId> gradient_of_average_pool(GradientBuilder& builder, const Node& node,
                                              std::span<const ValueId> dy) {
  Attributes attributes = pool_attributes_of(node);
  attributes["count_include_pad"] = node.integer("count_include_pad");
  attributes["input_sizes"] = spatial_sizes(builder.graph(), node, node.inputs[0]);
  return {builder.append(op::average_pool_gradient(), node, {dy[0]}, attributes)};
}

std::vector<Shape> infer_average_pool_gradient(const Graph& graph, const Node& node) {
  Shape row{graph.shape(node.inputs[0])[1]};
  const std::vector<int64_t>& sizes = node.integers("input_sizes");
  row.insert(row.end(), sizes.begin(), sizes.end());
  return {batched(row)};
}

template <class T>
void reference_average_pool_gradient(const ReferenceCall<T>& call) {
  const View<T>&dy = call.inputs[0], &dx = call.outputs[0];
  const ChannelWindows all =
      windows_of(call.node, call.graph.shape(call.node.outputs[0]), call.input_shape(0));
  for (int64_t r = 0; r < dx.rows; ++r) {
    std::fill_n(dx.row(r), dx.columns, T{0});
    for (int64_t c = 0; c < all.channels; ++c) {
      for_each_window(all.taps, [&](const Tap* begin, const Tap* end) {
        const T part = dy.at(r, c * all.output_elements + begin->output) /
                       static_cast<T>(divisor(call.node, all, begin, end));
        for (const Tap* tap = begin; tap != end; ++tap) {
          dx.at(r, c * all.input_elements + tap->input) += part;
        }
      });
    }
  }
}

std::vector<AttributeSpec> with_kernel(std::vector<AttributeSpec> own) {
  std::vector<AttributeSpec> all = window_attributes();
  all.push_back({"kernel_shape", std::vector<int64_t>{}, "elements of a window"});
  all.insert(all.end(), own.begin(), own.end());
  return all;
}

AttributeSpec count_padding() {
  return {"count_include_pad", int64_t{0}, "1: padding counts as zeros in the mean"};
}

}  // namespace

const Operator& op::max_pool() {
  static const Operator definition{
      .name = "MaxPool",
      .doc = "The largest element of each window of a channel; padding does not count",
      .attributes = with_kernel({}),
      .infer = infer_pool,
      .gradient = gradient_of_max_pool,
      .reference32 = reference_max_pool<float>,
      .reference64 = reference_max_pool<double>};
  return definition;
}

const Operator& op::max_pool_gradient() {
  static const Operator definition{
      .name = "MaxPoolGradient",
      .doc = "dy goes to the first largest element of each window.  Inputs x, dy",
      .attributes = with_kernel({}),
      .infer = infer_like_x,
      .reference32 = reference_max_pool_gradient<float>,
      .reference64 = reference_max_pool_gradient<double>};
  return definition;
}

const Operator& op::average_pool() {
  static const Operator definition{.name = "AveragePool",
                                   .doc = "The mean of each window of a channel",
                                   .attributes = with_kernel({count_padding()}),
                                   .infer = infer_pool,
                                   .gradient = gradient_of_average_pool,
                                   .reference32 = reference_average_pool<float>,
                                   .reference64 = reference_average_pool<double>};
  return definition;
}

const Operator& op::average_pool_gradient() {
  static const Operator definition{
      .name = "AveragePoolGradient",
      .doc = "dy, shared out evenly over each window.  Input dy",
      .attributes = with_kernel(
          {count_padding(), {"input_sizes", std::vector<int64_t>{}, "spatial sizes of dx"}}),
      .infer = infer_average_pool_gradient,
      .reference32 = reference_average_pool_gradient<float>,
      .reference64 = reference_average_pool_gradient<double>};
  return definition;
}

}  // namespace sinapse
