#include "onnx/network_nodes.h"

#include <stdexcept>

#include <sinapse/activation.h>

#include "onnx/activation_nodes.h"
#include "onnx/axes_nodes.h"
#include "onnx/context_nodes.h"
#include "onnx/recurrent_nodes.h"
#include "onnx/sequence_nodes.h"
#include "onnx/translation.h"
#include "ops/mask_steps.h"
#include "ops/operators.h"
#include "ops/window.h"

namespace sinapse {

namespace {

std::string same(const Translation& t) {
  return t.append(t.node.op->name, t.inputs());
}

std::string gemm(const Translation& t) {
  return t.append("Gemm", t.inputs(), {{"transB", int64_t{1}}});
}

// ONNX would give y the rank of b if that were the higher one.
std::string binary(const Translation& t) {
  std::string b = t.input(1);
  if (t.shape(1).size() > t.shape(0).size()) {
    b = t.append("Reshape", {b, t.writer.integers({row_size(t.shape(1))})});
  }
  return t.append(t.node.op->name, {t.input(0), b});
}

std::string affine(const Translation& t) {
  std::string y = t.input(0);
  if (t.number("scale") != 1) y = t.append("Mul", {y, t.writer.scalar(t.number("scale"))});
  return t.append("Add", {y, t.writer.scalar(t.number("offset"))});
}

std::string activate(const Translation& t) {
  const Activation activation = parse_activation(t.node.text("function"));
  return append_activation_nodes(t.writer, activation, t.node.name, t.input(0));
}

std::string last_axis(const Translation& t) {
  return t.append(t.node.op->name, t.inputs(), {{"axis", int64_t{-1}}});
}

std::string normalization(const Translation& t) {
  return t.append(t.node.op->name, t.inputs(), {{"epsilon", t.number("epsilon")}});
}

// 0 keeps the size of an axis: the batch, even an empty one.
std::string reshape(const Translation& t) {
  std::vector<int64_t> shape = t.node.integers("shape");
  shape.insert(shape.begin(), 0);
  return t.append("Reshape", {t.input(0), t.writer.integers(shape)});
}

std::string slice(const Translation& t) {
  const int64_t begin = t.node.integer("begin"), end = begin + t.node.integer("size");
  return t.append("Slice", {t.input(0), t.writer.integers({begin}), t.writer.integers({end}),
                            t.writer.integers({-1})});
}

// index [batch, 1] → y [batch, dimension], or [batch, time] → [batch, time, dimension]; an index
// outside the table counts as its last row.
std::string embedding(const Translation& t) {
  const auto count = static_cast<float>(t.shape(0)[0]);
  const std::string index = t.input(1);
  const std::string inside =
      t.append("And", {t.append("GreaterOrEqual", {index, t.writer.scalar(0)}),
                       t.append("Less", {index, t.writer.scalar(count)})});
  const std::string row = t.append("Where", {inside, index, t.writer.scalar(count - 1)});
  const std::string whole = t.append("Cast", {row}, {{"to", int64_t{onnx::TensorProto::INT64}}});
  if (t.output_shape().size() == 3) return t.append("Gather", {t.input(0), whole});
  return t.append("Gather", {t.input(0), t.append("Squeeze", {whole, t.writer.integers({1})})});
}

// Empty lists stand for ONNX's own defaults.
std::vector<OnnxAttribute> window_attributes(const Node& node) {
  std::vector<OnnxAttribute> attributes;
  for (const char* name : {"strides", "pads", "dilations"}) {
    if (!node.integers(name).empty()) attributes.push_back({name, node.integers(name)});
  }
  return attributes;
}

std::string convolution(const Translation& t) {
  std::vector<OnnxAttribute> attributes = window_attributes(t.node);
  attributes.push_back({"group", t.node.integer("group")});
  return t.append("Conv", t.inputs(), attributes);
}

// ONNX asks what to add to the smallest sizes that fit.
std::string transposed_convolution(const Translation& t) {
  std::vector<OnnxAttribute> attributes = window_attributes(t.node);
  attributes.push_back({"group", t.node.integer("group")});
  const Shape &x = t.shape(0), &weight = t.shape(1), &y = t.graph.shape(t.node.outputs[0]);
  const Window window = window_of(t.node, {weight.begin() + 2, weight.end()});
  std::vector<int64_t> added;
  for (size_t axis = 0; axis < window.rank(); ++axis) {
    const int64_t least = (x[axis + 2] - 1) * window.strides[axis] + window.extent(axis) -
                          window.pads[axis] - window.pads[window.rank() + axis];
    added.push_back(y[axis + 2] - least);
  }
  attributes.push_back({"output_padding", added});
  return t.append("ConvTranspose", t.inputs(), attributes);
}

std::string max_pool(const Translation& t) {
  std::vector<OnnxAttribute> attributes = window_attributes(t.node);
  attributes.push_back({"kernel_shape", t.node.integers("kernel_shape")});
  return t.append("MaxPool", t.inputs(), attributes);
}

// Opset 17 knows no dilations here, and no layer asks for them.
std::string average_pool(const Translation& t) {
  std::vector<OnnxAttribute> attributes = window_attributes(t.node);
  std::erase_if(attributes, [](const OnnxAttribute& a) { return a.name == "dilations"; });
  attributes.push_back({"kernel_shape", t.node.integers("kernel_shape")});
  attributes.push_back({"count_include_pad", t.node.integer("count_include_pad")});
  return t.append("AveragePool", t.inputs(), attributes);
}

// A slope for each channel stands before the spatial axes.
std::string prelu(const Translation& t) {
  const Shape &x = t.shape(0), &slope = t.shape(1);
  if (x.size() == 2 || slope == Shape{1}) return same(t);
  std::vector<int64_t> shape(x.size() - 1, 1);
  shape[0] = slope[0];
  const std::string slopes = t.append("Reshape", {t.input(1), t.writer.integers(shape)});
  return t.append("PRelu", {t.input(0), slopes});
}

/// How each operator of an inference graph is written.
struct Row {
  const Operator& (*op)();
  std::string (*translate)(const Translation&);
};
constexpr Row kTable[] = {
    {op::gemm, gemm},
    {op::conv, convolution},
    {op::conv_transpose, transposed_convolution},
    {op::max_pool, max_pool},
    {op::average_pool, average_pool},
    {op::pad, append_pad_node},
    {op::resize, append_resize_nodes},
    {op::adaptive_max_pool, append_adaptive_max_pool_nodes},
    {op::add, binary},
    {op::subtract, binary},
    {op::multiply, binary},
    {op::divide, binary},
    {op::affine, affine},
    {op::activate, activate},
    {op::prelu, prelu},
    {op::softmax, last_axis},
    {op::log_softmax, last_axis},
    {op::batch_normalization, normalization},
    {op::layer_normalization, normalization},
    {op::group_normalization, append_group_normalization_nodes},
    {op::reshape, reshape},
    {op::concatenate, last_axis},
    {op::slice, slice},
    {op::embedding, embedding},
    {op::steps_product, append_steps_product_nodes},
    {op::sequence_lengths, append_sequence_lengths_nodes},
    {op::mask_steps, append_mask_steps_nodes},
    {op::pool_steps, append_pool_steps_nodes},
    {op::swap_axes, append_swap_axes_node},
    {op::positions, append_positions_nodes},
    {op::attention, append_attention_nodes},
};

std::string translate(const Translation& translation) {
  for (const Row& row : kTable) {
    if (&row.op() == translation.node.op) return row.translate(translation);
  }
  throw std::logic_error("no ONNX form for operator " + std::string(translation.node.op->name));
}

}  // namespace

std::vector<std::string> append_network_values(GraphWriter& writer, const NetworkGraph& network,
                                               const std::vector<std::string>& inputs) {
  const Graph& graph = network.graph;
  std::vector<std::string> names(graph.values().size());
  for (size_t i = 0; i < inputs.size(); ++i) names[network.inputs[i]] = inputs[i];
  for (const ParameterInfo& info : network.parameters) names[info.value] = info.name;
  for (const Node& node : graph.nodes()) {
    if (is_recurrent(node)) {
      append_recurrent_nodes(writer, graph, node, names);
    } else if (node.op == &op::context()) {
      append_context_nodes(writer, graph, node, names);
    } else {
      names[node.outputs.front()] = translate({writer, graph, node, names});
    }
  }
  return names;
}

std::string append_network_nodes(GraphWriter& writer, const NetworkGraph& network,
                                 const std::vector<std::string>& inputs) {
  return append_network_values(writer, network, inputs)[network.output];
}

}  // namespace sinapse
