// Transposed convolution: it and the convolution with the same weight are each other's gradient.
#include <fmt/format.h>

#include "ops/connections.h"
#include "ops/operators.h"

namespace sinapse {

namespace {

// Sizes that a convolution would turn into those of x: given, or the smallest.
std::vector<int64_t> transposed_sizes(const Node& node, const Window& window,
                                      const std::vector<int64_t>& sizes) {
  std::vector<int64_t> wanted = node.integers("output_sizes");
  if (wanted.empty()) {
    for (size_t axis = 0; axis < window.rank(); ++axis) {
      wanted.push_back((sizes[axis] - 1) * window.strides[axis] + window.extent(axis) -
                       window.pads[axis] - window.pads[window.rank() + axis]);
      if (wanted.back() < 1) {
        fail_shape(node, fmt::format("nothing is left of spatial axis {}: {} elements", axis,
                                     wanted.back()));
      }
    }
  }
  if (output_sizes(node, window, wanted) != sizes) {
    fail_shape(node, fmt::format("output_sizes {} do not belong to x {}", to_string(Shape(wanted)),
                                 to_string(Shape(sizes))));
  }
  return wanted;
}

std::vector<Shape> infer_conv_transpose(const Graph& graph, const Node& node) {
  const std::vector<int64_t> sizes = spatial_sizes(graph, node, node.inputs[0]);
  const Shape& weight = graph.shape(node.inputs[1]);
  const int64_t groups = node.integer("group");
  check_weight(graph, node, weight[0]);
  check_bias(graph, node, weight[1] * groups);
  const Window window = window_of(node, kernel_sizes(weight));
  return {with_channels(weight[1] * groups, transposed_sizes(node, window, sizes))};
}

template <class T>
void reference_conv_transpose(const ReferenceCall<T>& call) {
  const View<T>&x = call.inputs[0], &y = call.outputs[0];
  const T* weight = call.inputs[1].data;
  const bool has_bias = call.inputs.size() > 2 && call.inputs[2];
  const Connections all = connections(call.node, call.graph.shape(call.node.outputs[0]),
                                      call.input_shape(0), kernel_sizes(call.input_shape(1)));
  for (int64_t r = 0; r < y.rows; ++r) {
    for (int64_t i = 0; i < y.columns; ++i) {
      y.at(r, i) = has_bias ? call.inputs[2].data[i / all.input_elements] : T{0};
    }
    all.for_each_pair([&](int64_t m, int64_t c, int64_t w) {
      const T* from = x.row(r) + m * all.output_elements;
      T* to = y.row(r) + c * all.input_elements;
      for (const Tap& tap : all.taps) to[tap.input] += from[tap.output] * weight[w + tap.kernel];
    });
  }
}

std::vector<ValueId> gradient_of_conv_transpose(GradientBuilder& builder, const Node& node,
                                                std::span<const ValueId> dy) {
  const ValueId x = node.inputs[0], weight = node.inputs[1];
  std::vector<ValueId> gradients(node.inputs.size(), kNoValue);
  Attributes attributes = convolution_attributes_of(node);
  if (builder.wanted(x)) {
    gradients[0] = builder.append(op::conv(), node, {dy[0], weight}, attributes);
  }
  if (builder.wanted(weight)) {
    attributes["kernel_shape"] = kernel_sizes(builder.graph().shape(weight));
    gradients[1] = builder.append(op::conv_weight_gradient(), node, {dy[0], x}, attributes);
  }
  const bool has_bias = node.inputs.size() > 2 && node.inputs[2] != kNoValue;
  if (has_bias && builder.wanted(node.inputs[2])) {
    gradients[2] = builder.append(op::channel_sum(), node, {dy[0]});
  }
  return gradients;
}

}  // namespace

const Operator& op::conv_transpose() {
  static const Operator definition{
      .name = "ConvTranspose",
      .doc =
          "The gradient of a convolution by its input, as a layer: spreads x[m] * weight[m, c] "
          "over windows, + bias[c].  x [batch, m, ...], weight [m, c/g, ...], bias [c] or absent",
      .attributes = convolution_attributes({{"output_sizes", std::vector<int64_t>{},
                                             "spatial sizes of y; empty: the smallest that fit"}}),
      .infer = infer_conv_transpose,
      .gradient = gradient_of_conv_transpose,
      .reference32 = reference_conv_transpose<float>,
      .reference64 = reference_conv_transpose<double>};
  return definition;
}

}  // namespace sinapse
