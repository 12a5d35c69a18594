#include "onnx/graph_writer.h"

#include <bit>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <sinapse/error.h>

namespace sinapse {

namespace {

static_assert(std::endian::native == std::endian::little, "raw_data is little-endian");

std::string unused(const std::string& name, std::set<std::string>& taken) {
  std::string candidate = name;
  for (int number = 2; !taken.insert(candidate).second; ++number) {
    candidate = fmt::format("{}:{}", name, number);
  }
  return candidate;
}

template <class T>
std::string_view bytes_of(std::span<T> values) {
  return {reinterpret_cast<const char*>(values.data()), values.size_bytes()};
}

void set_value(onnx::AttributeProto& proto, float value) {
  proto.set_type(onnx::AttributeProto::FLOAT);
  proto.set_f(value);
}

void set_value(onnx::AttributeProto& proto, int64_t value) {
  proto.set_type(onnx::AttributeProto::INT);
  proto.set_i(value);
}

void set_value(onnx::AttributeProto& proto, const std::string& value) {
  proto.set_type(onnx::AttributeProto::STRING);
  proto.set_s(value);
}

void set_value(onnx::AttributeProto& proto, const std::vector<float>& values) {
  proto.set_type(onnx::AttributeProto::FLOATS);
  proto.mutable_floats()->Add(values.begin(), values.end());
}

void set_value(onnx::AttributeProto& proto, const std::vector<int64_t>& values) {
  proto.set_type(onnx::AttributeProto::INTS);
  proto.mutable_ints()->Add(values.begin(), values.end());
}

void set_value(onnx::AttributeProto& proto, const std::vector<std::string>& values) {
  proto.set_type(onnx::AttributeProto::STRINGS);
  for (const std::string& value : values) proto.add_strings(value);
}

void add_attribute(onnx::NodeProto& node, const OnnxAttribute& attribute) {
  onnx::AttributeProto& proto = *node.add_attribute();
  proto.set_name(std::string(attribute.name));
  std::visit([&](const auto& value) { set_value(proto, value); }, attribute.value);
}

}  // namespace

GraphWriter::GraphWriter(onnx::GraphProto& graph, std::string prefix)
    : graph_(graph), prefix_(std::move(prefix)) {
  for (const auto& input : graph.input()) names_.insert(input.name());
  for (const auto& tensor : graph.initializer()) names_.insert(tensor.name());
  for (const auto& node : graph.node()) {
    node_names_.insert(node.name());
    names_.insert(node.output().begin(), node.output().end());
  }
}

std::string GraphWriter::unique(const std::string& name) {
  return unused(prefix_ + name, names_);
}

std::string GraphWriter::node(std::string_view type, std::string_view scope,
                              const std::vector<std::string>& inputs,
                              std::span<const OnnxAttribute> attributes) {
  return nodes(type, scope, inputs, attributes, 1).front();
}

std::vector<std::string> GraphWriter::nodes(std::string_view type, std::string_view scope,
                                            const std::vector<std::string>& inputs,
                                            std::span<const OnnxAttribute> attributes,
                                            size_t num_outputs) {
  const std::string name = fmt::format("{}/{}", scope, type);
  onnx::NodeProto& node = *graph_.add_node();
  node.set_op_type(std::string(type));
  node.set_name(unused(name, node_names_));
  for (const std::string& input : inputs) node.add_input(input);
  for (const OnnxAttribute& attribute : attributes) add_attribute(node, attribute);
  std::vector<std::string> outputs;
  for (size_t i = 0; i < num_outputs; ++i) {
    outputs.push_back(unique(name));
    node.add_output(outputs.back());
  }
  return outputs;
}

std::vector<std::string> GraphWriter::scan(std::string_view scope, const onnx::GraphProto& body,
                                           const std::vector<std::string>& states,
                                           const std::vector<std::string>& sequences) {
  std::vector<std::string> inputs = states;
  inputs.insert(inputs.end(), sequences.begin(), sequences.end());
  const std::vector<int64_t> in_axes(sequences.size(), 1);
  const std::vector<int64_t> out_axes(body.output_size() - states.size(), 1);
  const OnnxAttribute attributes[] = {{"num_scan_inputs", static_cast<int64_t>(sequences.size())},
                                      {"scan_input_axes", in_axes},
                                      {"scan_output_axes", out_axes}};
  const auto outputs = nodes("Scan", scope, inputs, attributes, body.output_size());
  onnx::AttributeProto& attribute = *graph_.mutable_node(graph_.node_size() - 1)->add_attribute();
  attribute.set_name("body");
  attribute.set_type(onnx::AttributeProto::GRAPH);
  *attribute.mutable_g() = body;
  return outputs;
}

std::string GraphWriter::ml_node(std::string_view type, std::string_view scope,
                                 const std::vector<std::string>& inputs,
                                 std::span<const OnnxAttribute> attributes) {
  const std::string output = node(type, scope, inputs, attributes);
  graph_.mutable_node(graph_.node_size() - 1)->set_domain("ai.onnx.ml");
  return output;
}

void GraphWriter::weights(const std::string& name, const Shape& shape,
                          std::span<const float> values) {
  if (!names_.insert(name).second) {
    throw Error(ErrorCode::model,
                fmt::format("The name \"{}\" stands for weights and for a value of "
                            "the preprocessing. Name the layer differently.",
                            name));
  }
  add_tensor(name, onnx::TensorProto::FLOAT, shape, bytes_of(values));
}

std::string GraphWriter::scalar(float value) {
  return constant(fmt::format("{}", value), onnx::TensorProto::FLOAT, {},
                  bytes_of(std::span<const float>(&value, 1)));
}

std::string GraphWriter::double_scalar(double value) {
  return constant(fmt::format("{} (double)", value), onnx::TensorProto::DOUBLE, {},
                  bytes_of(std::span<const double>(&value, 1)));
}

std::string GraphWriter::table(const std::string& name, std::span<const float> values) {
  const std::string own = unique(name);
  add_tensor(own, onnx::TensorProto::FLOAT, {static_cast<int64_t>(values.size())},
             bytes_of(values));
  return own;
}

std::string GraphWriter::table(const std::string& name, std::span<const double> values) {
  const std::string own = unique(name);
  add_tensor(own, onnx::TensorProto::DOUBLE, {static_cast<int64_t>(values.size())},
             bytes_of(values));
  return own;
}

std::string GraphWriter::table(const std::string& name, std::span<const std::string> values) {
  onnx::TensorProto& tensor = *graph_.add_initializer();
  tensor.set_name(unique(name));
  tensor.set_data_type(onnx::TensorProto::STRING);
  tensor.add_dims(static_cast<int64_t>(values.size()));
  for (const std::string& value : values) tensor.add_string_data(value);
  return tensor.name();
}

std::string GraphWriter::integers(const std::vector<int64_t>& values) {
  return constant(fmt::format("[{}]", fmt::join(values, ", ")), onnx::TensorProto::INT64,
                  {static_cast<int64_t>(values.size())}, bytes_of(std::span(values)));
}

std::string GraphWriter::constant(const std::string& text, int32_t data_type, const Shape& shape,
                                  std::string_view bytes) {
  const auto [place, is_new] = constants_.try_emplace(text);
  if (is_new) {
    place->second = unique("constant " + text);
    add_tensor(place->second, data_type, shape, bytes);
  }
  return place->second;
}

void GraphWriter::add_tensor(const std::string& name, int32_t data_type, const Shape& shape,
                             std::string_view bytes) {
  onnx::TensorProto& tensor = *graph_.add_initializer();
  tensor.set_name(name);
  tensor.set_data_type(data_type);
  for (const int64_t size : shape) tensor.add_dims(size);
  tensor.set_raw_data(bytes.data(), bytes.size());
}

}  // namespace sinapse
