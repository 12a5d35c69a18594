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

void add_attribute(onnx::NodeProto& node, const OnnxAttribute& attribute) {
  onnx::AttributeProto& proto = *node.add_attribute();
  proto.set_name(std::string(attribute.name));
  if (const float* number = std::get_if<float>(&attribute.value)) {
    proto.set_type(onnx::AttributeProto::FLOAT);
    proto.set_f(*number);
  } else {
    proto.set_type(onnx::AttributeProto::INT);
    proto.set_i(std::get<int64_t>(attribute.value));
  }
}

}  // namespace

GraphWriter::GraphWriter(onnx::GraphProto& graph) : graph_(graph) {
  for (const auto& input : graph.input()) names_.insert(input.name());
  for (const auto& tensor : graph.initializer()) names_.insert(tensor.name());
  for (const auto& node : graph.node()) {
    node_names_.insert(node.name());
    names_.insert(node.output().begin(), node.output().end());
  }
}

std::string GraphWriter::unique(const std::string& name) {
  return unused(name, names_);
}

std::string GraphWriter::node(std::string_view type, std::string_view scope,
                              const std::vector<std::string>& inputs,
                              std::span<const OnnxAttribute> attributes) {
  const std::string name = fmt::format("{}/{}", scope, type);
  onnx::NodeProto& node = *graph_.add_node();
  node.set_op_type(std::string(type));
  node.set_name(unused(name, node_names_));
  for (const std::string& input : inputs) node.add_input(input);
  for (const OnnxAttribute& attribute : attributes) add_attribute(node, attribute);
  const std::string output = unique(name);
  node.add_output(output);
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
