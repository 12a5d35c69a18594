// Convolution over any number of spatial axes, and what its gradient needs.
#include <algorithm>

#include "ops/connections.h"
#include "ops/operators.h"

namespace sinapse {

namespace {

std::vector<Shape> infer_conv(const Graph& graph, const Node& node) {
  const std::vector<int64_t> sizes = spatial_sizes(graph, node, node.inputs[0]);
  const Shape& weight = graph.shape(node.inputs[1]);
  check_weight(graph, node, weight[1] * node.integer("group"));
  check_bias(graph, node, weight[0]);
  const Window window = window_of(node, kernel_sizes(weight));
  return {with_channels(weight[0], output_sizes(node, window, sizes))};
}

template <class T>
void reference_conv(const ReferenceCall<T>& call) {
  const View<T>&x = call.inputs[0], &y = call.outputs[0];
  const T* weight = call.inputs[1].data;
  const bool has_bias = call.inputs.size() > 2 && call.inputs[2];
  const Connections all =
      connections(call.node, call.input_shape(0), call.graph.shape(call.node.outputs[0]),
                  kernel_sizes(call.input_shape(1)));
  for (int64_t r = 0; r < y.rows; ++r) {
    for (int64_t i = 0; i < y.columns; ++i) {
      y.at(r, i) = has_bias ? call.inputs[2].data[i / all.output_elements] : T{0};
    }
    all.for_each_pair([&](int64_t m, int64_t c, int64_t w) {
      T* to = y.row(r) + m * all.output_elements;
      const T* from = x.row(r) + c * all.input_elements;
      for (const Tap& tap : all.taps) to[tap.output] += from[tap.input] * weight[w + tap.kernel];
    });
  }
}

std::vector<ValueId> gradient_of_conv(GradientBuilder& builder, const Node& node,
                                      std::span<const ValueId> dy) {
  const ValueId x = node.inputs[0], weight = node.inputs[1];
  std::vector<ValueId> gradients(node.inputs.size(), kNoValue);
  Attributes attributes = convolution_attributes_of(node);
  const Graph& graph = builder.graph();
  if (builder.wanted(x)) {
    Attributes transposed = attributes;
    transposed["output_sizes"] = spatial_sizes(graph, node, x);
    gradients[0] = builder.append(op::conv_transpose(), node, {dy[0], weight}, transposed);
  }
  const bool has_bias = node.inputs.size() > 2 && node.inputs[2] != kNoValue;
  if (builder.wanted(weight) || (has_bias && builder.wanted(node.inputs[2]))) {
    attributes["kernel_shape"] = kernel_sizes(graph.shape(weight));
    const auto both = builder.append_all(op::conv_weight_gradient(), node, {x, dy[0]}, attributes);
    gradients[1] = both[0];
    if (has_bias) gradients[2] = both[1];
  }
  return gradients;
}

std::vector<Shape> infer_weight_gradient(const Graph& graph, const Node& node) {
  const int64_t channels = graph.shape(node.inputs[0])[1], filters = graph.shape(node.inputs[1])[1];
  Shape weight{filters, channels / node.integer("group")};
  const std::vector<int64_t>& kernel = node.integers("kernel_shape");
  weight.insert(weight.end(), kernel.begin(), kernel.end());
  return {weight, {filters}};
}

// The bias is the weight of a constant input 1, as everywhere.
template <class T>
void reference_weight_gradient(const ReferenceCall<T>& call) {
  const View<T>&x = call.inputs[0], &dy = call.inputs[1];
  const View<T>&dweight = call.outputs[0], &dbias = call.outputs[1];
  const Connections all = connections(call.node, call.input_shape(0), call.input_shape(1),
                                      call.node.integers("kernel_shape"));
  std::fill_n(dweight.data, dweight.columns, T{0});
  std::fill_n(dbias.data, dbias.columns, T{0});
  for (int64_t r = 0; r < x.rows; ++r) {
    all.for_each_pair([&](int64_t m, int64_t c, int64_t w) {
      const T* from = x.row(r) + c * all.input_elements;
      const T* slope = dy.row(r) + m * all.output_elements;
      for (const Tap& tap : all.taps) {
        dweight.data[w + tap.kernel] += from[tap.input] * slope[tap.output];
      }
    });
    for (int64_t i = 0; i < dy.columns; ++i) dbias.data[i / all.output_elements] += dy.at(r, i);
  }
}

std::vector<Shape> infer_channel_sum(const Graph& graph, const Node& node) {
  return {{graph.shape(node.inputs[0])[1]}};
}

template <class T>
void reference_channel_sum(const ReferenceCall<T>& call) {
  const View<T>&x = call.inputs[0], &sum = call.outputs[0];
  std::fill_n(sum.data, sum.columns, T{0});
  for (int64_t r = 0; r < x.rows; ++r) {
    for (int64_t i = 0; i < x.columns; ++i) {
      sum.data[i / (x.columns / sum.columns)] += x.at(r, i);
    }
  }
}

}  // namespace

const Operator& op::conv() {
  static const Operator definition{
      .name = "Conv",
      .doc =
          "y[m] = sum of x[c] * weight[m, c] over windows, + bias[m].  x [batch, c, ...], "
          "weight [m, c/g, ...], bias [m] or absent.  Fukushima 1980, LeCun and others 1989",
      .attributes = convolution_attributes({}),
      .infer = infer_conv,
      .gradient = gradient_of_conv,
      .reference32 = reference_conv<float>,
      .reference64 = reference_conv<double>};
  return definition;
}

const Operator& op::conv_weight_gradient() {
  static const Operator definition{
      .name = "ConvWeightGradient",
      .doc =
          "dweight[m, c] = sum of x[c] dy[m] over windows and batch, dbias[m] = sum of dy[m].  "
          "Inputs x [batch, c, ...], dy [batch, m, ...]",
      .attributes =
          convolution_attributes({{"kernel_shape", std::vector<int64_t>{}, "of the weight"}}),
      .infer = infer_weight_gradient,
      .reference32 = reference_weight_gradient<float>,
      .reference64 = reference_weight_gradient<double>};
  return definition;
}

const Operator& op::channel_sum() {
  static const Operator definition{.name = "ChannelSum",
                                   .doc = "The sum of each channel over batch and spatial axes",
                                   .attributes = {},
                                   .infer = infer_channel_sum,
                                   .reference32 = reference_channel_sum<float>,
                                   .reference64 = reference_channel_sum<double>};
  return definition;
}

}  // namespace sinapse
