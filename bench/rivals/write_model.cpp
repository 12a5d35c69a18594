// Writes a workload as an ONNX file for the inference rivals, "x" to "y" [rows, 10]: W1
// (784-512-256-10, ReLU, softmax; x [rows, 784]) or W5-lstm, W5-gru, W5-rnn (128 units, softmax; x
// [50, rows, 32]). Weights follow a formula: speed does not depend on them.
#include <cmath>
#include <fstream>
#include <iostream>
#include <string>
#include <vector>

#include <onnx/onnx_pb.h>

namespace {

// A size of 0 is the free number of rows.
void describe(onnx::ValueInfoProto* value, const std::string& name,
              const std::vector<int64_t>& shape) {
  value->set_name(name);
  auto* tensor = value->mutable_type()->mutable_tensor_type();
  tensor->set_elem_type(onnx::TensorProto::FLOAT);
  for (int64_t size : shape) {
    auto* axis = tensor->mutable_shape()->add_dim();
    size == 0 ? axis->set_dim_param("rows") : axis->set_dim_value(size);
  }
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

void set_integer(onnx::NodeProto& node, const std::string& name, int64_t value) {
  auto* attribute = node.add_attribute();
  attribute->set_name(name);
  attribute->set_type(onnx::AttributeProto::INT);
  attribute->set_i(value);
}

void add_node(onnx::GraphProto& graph, const std::string& type,
              const std::vector<std::string>& inputs, const std::vector<std::string>& outputs) {
  auto* node = graph.add_node();
  node->set_op_type(type);
  for (const auto& input : inputs) node->add_input(input);
  for (const auto& output : outputs) node->add_output(output);
  if (type == "Gemm") set_integer(*node, "transB", 1);
  if (type == "GRU") set_integer(*node, "linear_before_reset", 1);
  if (type == "LSTM" || type == "GRU" || type == "RNN") set_integer(*node, "hidden_size", 128);
}

onnx::ModelProto empty_model(const std::string& name) {
  onnx::ModelProto model;
  model.set_ir_version(8);
  model.add_opset_import()->set_version(17);
  model.mutable_graph()->set_name(name);
  return model;
}

onnx::ModelProto w1_model() {
  const std::vector<int64_t> units = {784, 512, 256, 10};
  onnx::ModelProto model = empty_model("W1");
  auto& graph = *model.mutable_graph();
  describe(graph.add_input(), "x", {0, units.front()});
  describe(graph.add_output(), "y", {0, units.back()});
  std::string value = "x";
  for (size_t i = 1; i < units.size(); ++i) {
    std::string layer = "dense" + std::to_string(i);
    add_initializer(graph, layer + ".weight", {units[i], units[i - 1]});
    add_initializer(graph, layer + ".bias", {units[i]});
    add_node(graph, "Gemm", {value, layer + ".weight", layer + ".bias"}, {layer});
    bool last = i + 1 == units.size();
    add_node(graph, last ? "Softmax" : "Relu", {layer}, {last ? "y" : layer + ".relu"});
    value = layer + ".relu";
  }
  return model;
}

// The last state of one recurrent cell to a dense layer.
onnx::ModelProto w5_model(const std::string& cell, int64_t gates) {
  constexpr int64_t kTime = 50, kInputs = 32, kUnits = 128, kClasses = 10;
  onnx::ModelProto model = empty_model("W5");
  auto& graph = *model.mutable_graph();
  describe(graph.add_input(), "x", {kTime, 0, kInputs});
  describe(graph.add_output(), "y", {0, kClasses});
  add_initializer(graph, "W", {1, gates * kUnits, kInputs});
  add_initializer(graph, "R", {1, gates * kUnits, kUnits});
  add_initializer(graph, "B", {1, 2 * gates * kUnits});
  add_initializer(graph, "dense.weight", {kClasses, kUnits});
  add_initializer(graph, "dense.bias", {kClasses});
  add_node(graph, cell, {"x", "W", "R", "B"}, {"", "last"});
  auto* axes = graph.add_initializer();
  axes->set_name("axes");
  axes->set_data_type(onnx::TensorProto::INT64);
  axes->add_dims(1);
  axes->add_int64_data(0);
  add_node(graph, "Squeeze", {"last", "axes"}, {"state"});
  add_node(graph, "Gemm", {"state", "dense.weight", "dense.bias"}, {"logits"});
  add_node(graph, "Softmax", {"logits"}, {"y"});
  return model;
}

onnx::ModelProto model_of(const std::string& workload) {
  if (workload == "W5-lstm") return w5_model("LSTM", 4);
  if (workload == "W5-gru") return w5_model("GRU", 3);
  return workload == "W5-rnn" ? w5_model("RNN", 1) : w1_model();
}

}  // namespace

int main(int count, char** arguments) {
  const std::string path = count > 1 ? arguments[1] : "w1.onnx";
  std::ofstream file(path, std::ios::binary);
  if (!model_of(count > 2 ? arguments[2] : "W1").SerializeToOstream(&file) || !file.flush()) {
    std::cerr << "write_model: cannot write " << path << '\n';
    return 1;
  }
}
