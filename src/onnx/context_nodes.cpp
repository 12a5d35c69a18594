#include "onnx/context_nodes.h"

#include <sinapse/activation.h>

#include "onnx/activation_nodes.h"
#include "onnx/sequence_nodes.h"
#include "ops/context.h"
#include "ops/operators.h"

namespace sinapse {

namespace {

void describe(onnx::ValueInfoProto& value, const std::string& name,
              onnx::TensorProto::DataType type) {
  value.set_name(name);
  value.mutable_type()->mutable_tensor_type()->set_elem_type(type);
}

// What the body of the loop sees from outside: weights, the other way round.
struct Weights {
  std::string recurrence, output, output_bias;  // the last two empty for Elman's
};

// One step: contexts [batch, m], the last output, the sums of the step and whether it counts go in;
// contexts, the last output and the output of the step come out.
class Body {
 public:
  Body(const Node& node, const Weights& weights, bool has_lengths)
      : node_(node), weights_(weights), writer_(graph_, node.name + ".step/") {
    graph_.set_name(node.name + ".step");
    const std::string before = input("context", onnx::TensorProto::FLOAT);
    const std::string last = input("last", onnx::TensorProto::FLOAT);
    const std::string sums = input("sums", onnx::TensorProto::FLOAT);
    std::string y = outputs(before, sums);
    std::string after = append("Add", {append("Mul", {before, decay()}), y});
    if (has_lengths) {
      const std::string counts =
          append("Unsqueeze", {input("counts", onnx::TensorProto::BOOL), writer_.integers({1})});
      after = append("Where", {counts, after, before});
      output(after);
      output(append("Where", {counts, y, last}));
      output(append("Where", {counts, y, writer_.scalar(0)}));
    } else {
      output(after);
      output(append("Identity", {y}));
      output(append("Identity", {y}));
    }
  }
  const onnx::GraphProto& graph() const { return graph_; }

 private:
  std::string outputs(const std::string& context, const std::string& sums) {
    const std::string hidden = activated(
        "activation", append("Add", {append("MatMul", {context, weights_.recurrence}), sums}));
    if (weights_.output.empty()) return hidden;
    const std::string product = append("MatMul", {hidden, weights_.output});
    return activated("output_activation", append("Add", {product, weights_.output_bias}));
  }
  std::string decay() { return writer_.scalar(static_cast<float>(node_.number("decay"))); }
  std::string activated(const char* which, const std::string& x) {
    return append_activation_nodes(writer_, parse_activation(node_.text(which)), node_.name, x);
  }
  std::string append(std::string_view type, const std::vector<std::string>& inputs) {
    return writer_.node(type, node_.name, inputs);
  }
  std::string input(const std::string& name, onnx::TensorProto::DataType type) {
    const std::string own = writer_.unique(name);
    describe(*graph_.add_input(), own, type);
    return own;
  }
  void output(const std::string& name) {
    describe(*graph_.add_output(), name, onnx::TensorProto::FLOAT);
  }

  const Node& node_;
  const Weights weights_;
  onnx::GraphProto graph_;
  GraphWriter writer_;
};

}  // namespace

void append_context_nodes(GraphWriter& writer, const Graph& graph, const Node& node,
                          std::vector<std::string>& names) {
  const Translation t{writer, graph, node, names};
  const auto has = [&](context::Input input) {
    return node.inputs.size() > input && node.inputs[input] != kNoValue;
  };
  const auto turned = [&](context::Input input) {
    return t.append("Transpose", {t.input(input)}, {{"perm", std::vector<int64_t>{1, 0}}});
  };
  Weights weights{.recurrence = turned(context::recurrence), .output = "", .output_bias = ""};
  if (has(context::output_weight)) {
    weights.output = turned(context::output_weight);
    weights.output_bias = t.input(context::output_bias);
  }
  const std::string sums = t.input(context::sums);
  const std::string rows =
      t.append("Slice", {t.append("Shape", {sums}), writer.integers({0}), writer.integers({1})});
  const std::string shape = t.append(
      "Concat", {rows, writer.integers({t.shape(context::recurrence)[1]})}, {{"axis", int64_t{0}}});
  const std::string zeros = t.append("ConstantOfShape", {shape});
  const std::string start = has(context::initial) ? t.input(context::initial) : zeros;
  std::vector<std::string> sequences{sums};
  if (has(context::lengths)) {
    const std::string length = append_limited_lengths(t, t.input(context::lengths), sums, 0);
    sequences.push_back(t.append("LessOrEqual", {append_step_numbers(t, sums), length}));
  }
  const Body body(node, weights, has(context::lengths));
  const auto outputs = writer.scan(node.name, body.graph(), {start, zeros}, sequences);
  names[node.outputs[0]] = outputs[2];
  names[node.outputs[1]] = outputs[1];
  names[node.outputs[2]] = outputs[0];
}

}  // namespace sinapse
