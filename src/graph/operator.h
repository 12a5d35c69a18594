// What an operator is: shape rule, gradient, and naive reference kernel behind one name.
#pragma once

#include <string_view>

#include "graph/graph.h"

namespace sinapse {

/// One attribute of an operator, declared once: completion, checking, printing and files follow.
struct AttributeSpec {
  std::string_view name;
  Attribute default_value;
  std::string_view doc;
};

/// Rows of equal length with a fixed distance between them; an unbatched value is a single row.
template <class T>
struct View {
  T* data = nullptr;
  int64_t rows = 0;
  int64_t columns = 0;
  int64_t stride = 0;  // elements from one row to the next

  T* row(int64_t r) const { return data + r * stride; }
  T& at(int64_t r, int64_t c) const { return data[r * stride + c]; }
  explicit operator bool() const { return data != nullptr; }
};

/// What changes from step to step besides the batch.
struct StepState {
  uint64_t seed = 0;
  int64_t step = 0;  // counts from 1 while training
  double learning_rate = 0;
  // Several batches may make one update (training.accumulate).
  int64_t update = 0;  // counts from 1; 0: every step is an update
  bool begins_update = true, ends_update = true;
  double average_share = 0;  // of the new weights in their average; 0: leaves it alone
  double dropout_share = 1;  // of the rate of every kind of dropout (training.dropout_schedule)

  int64_t updates() const { return update > 0 ? update : step; }
};

/// One call of a reference kernel. An input that was left out is an empty view.
template <class T>
struct ReferenceCall {
  const Graph& graph;
  const Node& node;
  std::span<const View<T>> inputs;
  std::span<const View<T>> outputs;
  StepState state;
  int64_t first_row =
      0;  // where the views begin in the batch: kernels may work on some of its rows
  int64_t batch_rows = 0;  // rows of the whole batch

  const Shape& input_shape(size_t i) const { return graph.shape(node.inputs[i]); }
};

class GradientBuilder;

struct Operator {
  using InferShapes = std::vector<Shape> (*)(const Graph& graph, const Node& node);
  /// The gradients of the inputs, kNoValue where there is none, given those of the outputs
  /// (kNoValue for an output that the loss does not depend on).
  using Gradient = std::vector<ValueId> (*)(GradientBuilder& builder, const Node& node,
                                            std::span<const ValueId> output_gradients);
  template <class T>
  using Reference = void (*)(const ReferenceCall<T>& call);

  std::string_view name;  // the ONNX name where ONNX has the operator
  std::string_view doc;
  std::vector<AttributeSpec> attributes;
  InferShapes infer = nullptr;
  Gradient gradient = nullptr;  // null: no gradient flows through
  Reference<float> reference32 = nullptr;
  Reference<double> reference64 = nullptr;
  bool has_side_effect = false;     // writes into a state or parameter: never removed as unused
  bool writes_first_input = false;  // the side effect includes input 0, which others may still read
  bool any_order = false;  // works number by number on weights of one shape: any layout will do
};

/// Appends backward nodes to the graph that is being differentiated.
class GradientBuilder {
 public:
  explicit GradientBuilder(Graph& graph) : graph_(graph) {}

  /// Appends a node named after the forward node and returns its first output.
  ValueId append(const Operator& op, const Node& forward, std::vector<ValueId> inputs,
                 Attributes attributes = {});
  std::vector<ValueId> append_all(const Operator& op, const Node& forward,
                                  std::vector<ValueId> inputs, Attributes attributes = {});
  const Graph& graph() const { return graph_; }
  bool wanted(ValueId value) const { return wanted_.empty() || wanted_[value]; }
  void set_wanted(std::vector<bool> wanted) { wanted_ = std::move(wanted); }

 private:
  Graph& graph_;
  std::vector<bool> wanted_;
};

}  // namespace sinapse
