// From the network's outputs to numbers in the targets' units, or to probabilities and class names.
#include <limits>

#include "onnx/feature_nodes.h"
#include "onnx/graph_writer.h"

namespace sinapse {

namespace {

class TargetNodes {
 public:
  TargetNodes(onnx::GraphProto& graph, const Target& target, const GraphSteps* sequences)
      : graph_(graph), writer_(graph), target_(target), sequences_(sequences) {}

  // What the network puts out, as if each step were a row.
  std::string rows_of(const std::string& outputs) {
    if (sequences_ == nullptr) return outputs;
    return node("Reshape", {outputs, writer_.integers({-1, target_.num_outputs()})});
  }

  // Several numbers: each is an output of its own.
  void append_numbers(const std::string& outputs) {
    const std::string values = whole_rows(outputs);
    for (size_t i = 0; i < target_.columns().size(); ++i) {
      const TargetColumn& column = target_.columns()[i];
      publish(column, in_unit(column, of_column(values, i)), "_predictions",
              onnx::TensorProto::FLOAT, {1});
    }
  }

  // One logit a column: two classes, or several labels of two classes each.
  void append_two_classes(const std::string& logits) {
    for (size_t i = 0; i < target_.columns().size(); ++i) {
      const TargetColumn& column = target_.columns()[i];
      const std::string logit = of_column(logits, i);
      append_class_names(column, second_class(logit));
      if (target_.form() == OutputForm::margin)
        publish(column, logit, "_scores", onnx::TensorProto::FLOAT, {1});
      else
        append_probabilities(column, two_probabilities(logit));
    }
  }

  void append_classes(const std::string& logits) {
    const TargetColumn& column = target_.columns().front();
    append_class_names(column, largest(logits));
    append_probabilities(column, node("Softmax", {logits}, {{"axis", int64_t{1}}}));
  }

 private:
  std::string node(std::string_view type, const std::vector<std::string>& inputs,
                   const std::vector<OnnxAttribute>& attributes = {}) {
    return writer_.node(type, "target", inputs, attributes);
  }

  // [batch, 1]
  std::string of_column(const std::string& values, size_t i) {
    if (target_.is_one()) return values;
    return node("Gather", {values, writer_.integers({static_cast<int64_t>(i)})},
                {{"axis", int64_t{1}}});
  }

  // As Target::decode: what becomes of the outputs of a row together.
  std::string whole_rows(const std::string& outputs) {
    if (target_.form() == OutputForm::distribution)
      return node("Softmax", {outputs}, {{"axis", int64_t{1}}});
    if (target_.form() != OutputForm::direction) return outputs;
    const std::string norm =
        node("ReduceL2", {outputs}, {{"axes", std::vector<int64_t>{1}}, {"keepdims", int64_t{1}}});
    const std::string smallest = writer_.scalar(std::numeric_limits<float>::min());
    return node("Div", {outputs, node("Max", {norm, smallest})});
  }

  // As TargetColumn::decode.
  std::string in_unit(const TargetColumn& column, const std::string& output) {
    if (column.form == OutputForm::distribution || column.form == OutputForm::direction)
      return output;
    const std::string scale = writer_.scalar(column.deviation);
    if (column.form == OutputForm::log) return node("Mul", {node("Exp", {output}), scale});
    const std::string scaled = node("Mul", {output, scale});
    const std::string value = node("Add", {scaled, writer_.scalar(column.mean)});
    if (column.form != OutputForm::log1p) return value;
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

  void append_class_names(const TargetColumn& column, const std::string& index) {
    const std::string names = writer_.table("target/classes", std::span(column.classes));
    publish(column, node("Gather", {names, index}), "_predictions", onnx::TensorProto::STRING, {});
  }

  void append_probabilities(const TargetColumn& column, const std::string& probabilities) {
    publish(column, probabilities, "_probabilities", onnx::TensorProto::FLOAT,
            {static_cast<int64_t>(column.classes.size())});
  }

  // An output of the graph: the value under the target's name, which no other value may have.
  void publish(const TargetColumn& column, const std::string& value, const std::string& suffix,
               int32_t type, const std::vector<int64_t>& extents) {
    const bool has_classes = sequences_ != nullptr && !extents.empty() && extents[0] > 1;
    const std::string result = sequences_ == nullptr ? value : of_steps(value, has_classes);
    const std::string name = writer_.unique(column.name + suffix);
    onnx::NodeProto& node = *graph_.add_node();
    node.set_op_type("Identity");
    node.set_name(name);
    node.add_input(result);
    node.add_output(name);
    if (sequences_ == nullptr)
      describe_value(*graph_.add_output(), name, type, extents);
    else
      describe_steps(*graph_.add_output(), name, type, sequences_->steps,
                     has_classes ? extents : std::vector<int64_t>{});
  }

  // [batch, time], and perhaps classes
  std::string of_steps(const std::string& rows, bool has_classes) {
    std::string shape = node("Shape", {sequences_->column});
    if (has_classes)
      shape = node("Concat", {shape, writer_.integers({-1})}, {{"axis", int64_t{0}}});
    return node("Reshape", {rows, shape});
  }

  onnx::GraphProto& graph_;
  GraphWriter writer_;
  const Target& target_;
  const GraphSteps* const sequences_;
};

}  // namespace

void append_target_nodes(onnx::GraphProto& graph, const Target& target, const std::string& outputs,
                         const GraphSteps* sequences) {
  TargetNodes nodes(graph, target, sequences);
  const std::string output = nodes.rows_of(outputs);
  switch (target.task()) {
    case Task::regression:
    case Task::distribution:
      return nodes.append_numbers(output);
    case Task::binary:
    case Task::multilabel:
      return nodes.append_two_classes(output);
    case Task::multiclass:
      return nodes.append_classes(output);
  }
}

}  // namespace sinapse
