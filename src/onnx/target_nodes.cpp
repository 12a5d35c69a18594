// From the network's outputs to numbers in the target's unit, or to probabilities and class names.
#include "onnx/feature_nodes.h"
#include "onnx/graph_values.h"
#include "onnx/graph_writer.h"

namespace sinapse {

namespace {

class TargetNodes {
 public:
  TargetNodes(onnx::GraphProto& graph, const Target& target)
      : graph_(graph), writer_(graph), target_(target) {}

  void append_number(const std::string& output) {
    publish(in_unit(output), "_predictions", onnx::TensorProto::FLOAT, {1});
  }

  void append_classes(const std::string& logits) {
    const bool binary = target_.task() == Task::binary;
    const std::string index = binary ? second_class(logits) : largest(logits);
    const std::string names = writer_.table("target/classes", std::span(target_.classes()));
    publish(node("Gather", {names, index}), "_predictions", onnx::TensorProto::STRING, {});
    if (target_.form() == OutputForm::margin) {
      return publish(logits, "_scores", onnx::TensorProto::FLOAT, {1});
    }
    publish(binary ? two_probabilities(logits) : node("Softmax", {logits}, {{"axis", int64_t{1}}}),
            "_probabilities", onnx::TensorProto::FLOAT,
            {static_cast<int64_t>(target_.classes().size())});
  }

 private:
  std::string node(std::string_view type, const std::vector<std::string>& inputs,
                   const std::vector<OnnxAttribute>& attributes = {}) {
    return writer_.node(type, "target", inputs, attributes);
  }

  // As TargetColumn::decode.
  std::string in_unit(const std::string& output) {
    const std::string scale = writer_.scalar(target_.deviation());
    if (target_.form() == OutputForm::log) return node("Mul", {node("Exp", {output}), scale});
    const std::string scaled = node("Mul", {output, scale});
    const std::string value = node("Add", {scaled, writer_.scalar(target_.mean())});
    if (target_.form() != OutputForm::log1p) return value;
    return node("Sub", {node("Exp", {value}), writer_.scalar(1)});
  }

  // 0 or 1, [batch].
  std::string second_class(const std::string& logit) {
    const std::string positive = node("Greater", {logit, writer_.scalar(0)});
    const std::string index = node("Cast", {positive}, {{"to", int64_t{onnx::TensorProto::INT64}}});
    return node("Squeeze", {index, writer_.integers({1})});
  }

  std::string largest(const std::string& logits) {
    return node("ArgMax", {logits}, {{"axis", int64_t{1}}, {"keepdims", int64_t{0}}});
  }

  std::string two_probabilities(const std::string& logit) {
    const std::string second = node("Sigmoid", {logit});
    const std::string first = node("Sub", {writer_.scalar(1), second});
    return node("Concat", {first, second}, {{"axis", int64_t{1}}});
  }

  // An output of the graph: the value under the target's name, which no other value may have.
  void publish(const std::string& value, const std::string& suffix, int32_t type,
               const std::vector<int64_t>& extents) {
    const std::string name = writer_.unique(target_.column() + suffix);
    onnx::NodeProto& node = *graph_.add_node();
    node.set_op_type("Identity");
    node.set_name(name);
    node.add_input(value);
    node.add_output(name);
    describe_value(*graph_.add_output(), name, type, extents);
  }

  onnx::GraphProto& graph_;
  GraphWriter writer_;
  const Target& target_;
};

}  // namespace

void append_target_nodes(onnx::GraphProto& graph, const Target& target, const std::string& output) {
  TargetNodes nodes(graph, target);
  if (target.task() == Task::regression)
    nodes.append_number(output);
  else
    nodes.append_classes(output);
}

}  // namespace sinapse
