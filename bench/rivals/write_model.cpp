// Writes a workload's network as an ONNX file for the inference rivals: write_model w1.onnx W1.
// "x" [rows, ...] (W5: [50, rows, 32]) to the probabilities "y" [rows, 10]. Weights follow a
// formula: speed does not depend on them.
#include <cmath>
#include <fstream>
#include <iostream>
#include <string>
#include <vector>

#include <onnx/onnx_pb.h>

namespace {

using Shape = std::vector<int64_t>;

class ModelWriter {
 public:
  // `shape` of x, where 0 is the free number of rows.
  ModelWriter(const std::string& name, const Shape& shape) {
    model_.set_ir_version(8);
    model_.add_opset_import()->set_version(17);
    graph().set_name(name);
    describe(graph().add_input(), "x", shape);
  }

  onnx::ModelProto finish(const std::string& logits, int64_t classes) {
    add("Softmax", {logits}, "y");
    describe(graph().add_output(), "y", {0, classes});
    return model_;
  }

  std::string gemm(const std::string& x, const std::string& name, int64_t inputs, int64_t units) {
    add_initializer(name + ".weight", {units, inputs});
    add_initializer(name + ".bias", {units});
    set_integers(add("Gemm", {x, name + ".weight", name + ".bias"}, name), "transB", {1}, true);
    return name;
  }

  std::string conv(const std::string& x, const std::string& name, int64_t from, int64_t to,
                   int64_t kernel, int64_t stride, bool bias) {
    add_initializer(name + ".weight", {to, from, kernel, kernel});
    std::vector<std::string> inputs{x, name + ".weight"};
    if (bias) {
      add_initializer(name + ".bias", {to});
      inputs.push_back(name + ".bias");
    }
    onnx::NodeProto* node = add("Conv", inputs, name);
    set_integers(node, "kernel_shape", {kernel, kernel});
    set_integers(node, "strides", {stride, stride});
    set_integers(node, "pads", Shape(4, kernel / 2));
    return name;
  }

  std::string normal(const std::string& x, int64_t channels) {
    std::vector<std::string> inputs{x};
    for (const char* part : {".scale", ".shift", ".mean", ".variance"}) {
      add_initializer(x + part, {channels}, part == std::string(".variance"));
      inputs.push_back(x + part);
    }
    return add("BatchNormalization", inputs, x + ".normal"), x + ".normal";
  }

  std::string max_pool(const std::string& x) {
    onnx::NodeProto* node = add("MaxPool", {x}, x + ".pool");
    set_integers(node, "kernel_shape", {2, 2});
    set_integers(node, "strides", {2, 2});
    return x + ".pool";
  }

  // The last state of a recurrent cell, [rows, units].
  std::string recurrent(const std::string& cell, int64_t gates, int64_t inputs, int64_t units) {
    add_initializer("W", {1, gates * units, inputs});
    add_initializer("R", {1, gates * units, units});
    add_initializer("B", {1, 2 * gates * units});
    auto* axes = graph().add_initializer();
    axes->set_name("axes");
    axes->set_data_type(onnx::TensorProto::INT64);
    axes->add_dims(1);
    axes->add_int64_data(0);
    onnx::NodeProto* node = add(cell, {"x", "W", "R", "B"}, "");  // not the states of all steps
    node->add_output("last");
    set_integers(node, "hidden_size", {units}, true);
    if (cell == "GRU") set_integers(node, "linear_before_reset", {1}, true);
    return add("Squeeze", {"last", "axes"}, "state"), "state";
  }

  std::string apply(const std::string& type, const std::vector<std::string>& inputs) {
    const std::string output = inputs[0] + "." + type;
    return add(type, inputs, output), output;
  }

 private:
  onnx::GraphProto& graph() { return *model_.mutable_graph(); }

  static void describe(onnx::ValueInfoProto* value, const std::string& name, const Shape& shape) {
    value->set_name(name);
    auto* tensor = value->mutable_type()->mutable_tensor_type();
    tensor->set_elem_type(onnx::TensorProto::FLOAT);
    for (int64_t size : shape) {
      auto* axis = tensor->mutable_shape()->add_dim();
      size == 0 ? axis->set_dim_param("rows") : axis->set_dim_value(size);
    }
  }

  void add_initializer(const std::string& name, const Shape& shape, bool positive = false) {
    auto* tensor = graph().add_initializer();
    tensor->set_name(name);
    tensor->set_data_type(onnx::TensorProto::FLOAT);
    int64_t count = 1, inputs = 1;
    for (int64_t size : shape) {
      tensor->add_dims(size);
      count *= size;
    }
    if (shape.size() > 1) inputs = name == "W" || name == "R" ? shape.back() : count / shape[0];
    const float scale = 1 / std::sqrt(static_cast<float>(inputs));
    for (int64_t i = 0; i < count; ++i) {
      tensor->add_float_data(positive ? 1.0f : scale * std::sin(static_cast<float>(i)));
    }
  }

  onnx::NodeProto* add(const std::string& type, const std::vector<std::string>& inputs,
                       const std::string& output) {
    auto* node = graph().add_node();
    node->set_op_type(type);
    for (const auto& input : inputs) node->add_input(input);
    node->add_output(output);
    return node;
  }

  static void set_integers(onnx::NodeProto* node, const std::string& name, const Shape& values,
                           bool single = false) {
    auto* attribute = node->add_attribute();
    attribute->set_name(name);
    attribute->set_type(single ? onnx::AttributeProto::INT : onnx::AttributeProto::INTS);
    if (single) return attribute->set_i(values[0]);
    for (int64_t value : values) attribute->add_ints(value);
  }

  onnx::ModelProto model_;
};

onnx::ModelProto w1() {
  ModelWriter model("W1", {0, 784});
  std::string x = model.apply("Relu", {model.gemm("x", "dense1", 784, 512)});
  x = model.apply("Relu", {model.gemm(x, "dense2", 512, 256)});
  return model.finish(model.gemm(x, "dense3", 256, 10), 10);
}

onnx::ModelProto w3() {
  ModelWriter model("W3", {0, 1, 28, 28});
  std::string x =
      model.max_pool(model.apply("Relu", {model.conv("x", "conv1", 1, 32, 3, 1, true)}));
  x = model.max_pool(model.apply("Relu", {model.conv(x, "conv2", 32, 64, 3, 1, true)}));
  x = model.apply("Relu", {model.gemm(model.apply("Flatten", {x}), "dense1", 64 * 49, 128)});
  return model.finish(model.gemm(x, "dense2", 128, 10), 10);
}

onnx::ModelProto w4() {
  ModelWriter model("W4", {0, 3, 32, 32});
  std::string x =
      model.apply("Relu", {model.normal(model.conv("x", "conv", 3, 16, 3, 1, false), 16)});
  int64_t channels = 16;
  for (int64_t filters : {16, 32, 64}) {
    for (int block = 0; block < 3; ++block) {
      const int64_t stride = filters > 16 && block == 0 ? 2 : 1;
      const std::string name = "block" + std::to_string(filters) + std::to_string(block);
      std::string y = model.conv(x, name + ".first", channels, filters, 3, stride, false);
      y = model.apply("Relu", {model.normal(y, filters)});
      y = model.normal(model.conv(y, name + ".second", filters, filters, 3, 1, false), filters);
      if (stride == 2) {
        x = model.normal(model.conv(x, name + ".shortcut", channels, filters, 1, 2, false),
                         filters);
      }
      x = model.apply("Relu", {model.apply("Add", {y, x})});
      channels = filters;
    }
  }
  x = model.apply("Flatten", {model.apply("GlobalAveragePool", {x})});
  return model.finish(model.gemm(x, "dense", 64, 10), 10);
}

onnx::ModelProto w5(const std::string& cell, int64_t gates) {
  ModelWriter model("W5", {50, 0, 32});
  return model.finish(model.gemm(model.recurrent(cell, gates, 32, 128), "dense", 128, 10), 10);
}

onnx::ModelProto model_of(const std::string& workload) {
  if (workload == "W3") return w3();
  if (workload == "W4") return w4();
  if (workload == "W5-lstm") return w5("LSTM", 4);
  if (workload == "W5-gru") return w5("GRU", 3);
  return workload == "W5-rnn" ? w5("RNN", 1) : w1();
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
