// Writes W1 (784-512-256-10, ReLU, softmax) as an ONNX file, "x" [rows, 784] to "y" [rows, 10], for
// the inference rivals. Weights follow a formula: speed does not depend on them.
#include <cmath>
#include <fstream>
#include <iostream>
#include <string>
#include <vector>

#include <onnx/onnx_pb.h>

namespace {

void describe(onnx::ValueInfoProto* value, const std::string& name, int64_t columns) {
  value->set_name(name);
  auto* tensor = value->mutable_type()->mutable_tensor_type();
  tensor->set_elem_type(onnx::TensorProto::FLOAT);
  tensor->mutable_shape()->add_dim()->set_dim_param("rows");
  tensor->mutable_shape()->add_dim()->set_dim_value(columns);
}

void add_initializer(onnx::GraphProto& graph, const std::string& name,
                     const std::vector<int64_t>& shape) {
  auto* tensor = graph.add_initializer();
  tensor->set_name(name);
  tensor->set_data_type(onnx::TensorProto::FLOAT);
  int64_t count = 1;
  for (int64_t size : shape) {
    tensor->add_dims(size);
    count *= size;
  }
  float scale = 1 / std::sqrt(static_cast<float>(shape.back()));
  for (int64_t i = 0; i < count; ++i)
    tensor->add_float_data(scale * std::sin(static_cast<float>(i)));
}

void add_node(onnx::GraphProto& graph, const std::string& type,
              const std::vector<std::string>& inputs, const std::string& output) {
  auto* node = graph.add_node();
  node->set_op_type(type);
  for (const auto& input : inputs) node->add_input(input);
  node->add_output(output);
  if (type != "Gemm") return;
  auto* transposed = node->add_attribute();
  transposed->set_name("transB");
  transposed->set_type(onnx::AttributeProto::INT);
  transposed->set_i(1);
}

onnx::ModelProto w1_model() {
  const std::vector<int64_t> units = {784, 512, 256, 10};
  onnx::ModelProto model;
  model.set_ir_version(8);
  model.add_opset_import()->set_version(17);
  auto& graph = *model.mutable_graph();
  graph.set_name("W1");
  describe(graph.add_input(), "x", units.front());
  describe(graph.add_output(), "y", units.back());
  std::string value = "x";
  for (size_t i = 1; i < units.size(); ++i) {
    std::string layer = "dense" + std::to_string(i);
    add_initializer(graph, layer + ".weight", {units[i], units[i - 1]});
    add_initializer(graph, layer + ".bias", {units[i]});
    add_node(graph, "Gemm", {value, layer + ".weight", layer + ".bias"}, layer);
    bool last = i + 1 == units.size();
    add_node(graph, last ? "Softmax" : "Relu", {layer}, last ? "y" : layer + ".relu");
    value = layer + ".relu";
  }
  return model;
}

}  // namespace

int main(int count, char** arguments) {
  std::ofstream file(count > 1 ? arguments[1] : "w1.onnx", std::ios::binary);
  if (!w1_model().SerializeToOstream(&file) || !file.flush()) {
    std::cerr << "write_w1_model: cannot write the model\n";
    return 1;
  }
}
