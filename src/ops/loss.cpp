// Losses: one number a row, and the gradient of their weighted sum. The row weights are 1 / rows for
// the mean over a batch.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "ops/operators.h"
#include "ops/scalars.h"

namespace sinapse {

#include "ops/losses-inl.h"

namespace {

const std::vector<AttributeSpec>& formula_attributes() {
  static const std::vector<AttributeSpec> specs{
      {"formula", std::string(SquaredError::name), "which element-wise loss"}};
  return specs;
}

std::vector<Shape> infer_elementwise(const Graph& graph, const Node& node) {
  const Shape &p = graph.shape(node.inputs[0]), &t = graph.shape(node.inputs[1]);
  if (p != t) {
    fail_shape(node, fmt::format("the network's output is {}, but the target is {}", to_string(p),
                                 to_string(t)));
  }
  if (!with_loss_formula(node.text("formula"), [](auto) {})) {
    fail_shape(node, "there is no loss of the name " + node.text("formula"));
  }
  return {batched({1})};
}

std::vector<ValueId> gradient_of_elementwise(GradientBuilder& builder, const Node& node,
                                             std::span<const ValueId> dy) {
  return {builder.append(op::elementwise_loss_gradient(), node,
                         {node.inputs[0], node.inputs[1], dy[0]}, node.attributes),
          kNoValue};
}

template <class T>
void reference_elementwise(const ReferenceCall<T>& call) {
  const View<T>&p = call.inputs[0], &t = call.inputs[1], &loss = call.outputs[0];
  with_loss_formula(call.node.text("formula"), [&](auto formula) {
    for (int64_t r = 0; r < p.rows; ++r) {
      T sum{0};
      for (int64_t c = 0; c < p.columns; ++c) sum += formula.value(p.at(r, c), t.at(r, c));
      loss.at(r, 0) = sum / static_cast<T>(p.columns);
    }
  });
}

std::vector<Shape> infer_same(const Graph& graph, const Node& node) {
  return {graph.shape(node.inputs[0])};
}

template <class T>
void reference_elementwise_gradient(const ReferenceCall<T>& call) {
  const View<T>&p = call.inputs[0], &t = call.inputs[1], &weight = call.inputs[2];
  const View<T>& dp = call.outputs[0];
  with_loss_formula(call.node.text("formula"), [&](auto formula) {
    for (int64_t r = 0; r < p.rows; ++r) {
      const T factor = weight.at(r, 0) / static_cast<T>(p.columns);
      for (int64_t c = 0; c < p.columns; ++c) {
        dp.at(r, c) = factor * formula.slope(p.at(r, c), t.at(r, c));
      }
    }
  });
}

std::vector<Shape> infer_cross_entropy(const Graph& graph, const Node& node) {
  const Shape &logits = graph.shape(node.inputs[0]), &labels = graph.shape(node.inputs[1]);
  if (logits.size() != 2 || labels != batched({1})) {
    fail_shape(node, fmt::format("expects logits [batch, classes] and one label a row, but they "
                                 "are {} and {}", to_string(logits), to_string(labels)));
  }
  return {batched({1})};
}

std::vector<ValueId> gradient_of_cross_entropy(GradientBuilder& builder, const Node& node,
                                               std::span<const ValueId> dy) {
  return {builder.append(op::softmax_cross_entropy_gradient(), node,
                         {node.inputs[0], node.inputs[1], dy[0]}),
          kNoValue};
}

template <class T>
T log_sum_exp(const T* x, int64_t n) {
  const T largest = *std::max_element(x, x + n);
  T sum{0};
  for (int64_t i = 0; i < n; ++i) sum += std::exp(x[i] - largest);
  return largest + std::log(sum);
}

template <class T>
void reference_cross_entropy(const ReferenceCall<T>& call) {
  const View<T>&logits = call.inputs[0], &labels = call.inputs[1], &loss = call.outputs[0];
  for (int64_t r = 0; r < logits.rows; ++r) {
    const auto label = static_cast<int64_t>(labels.at(r, 0));
    loss.at(r, 0) = log_sum_exp(logits.row(r), logits.columns) - logits.at(r, label);
  }
}

// dlogits = weight (softmax(logits) - onehot(label))
template <class T>
void reference_cross_entropy_gradient(const ReferenceCall<T>& call) {
  const View<T>&logits = call.inputs[0], &labels = call.inputs[1], &weight = call.inputs[2];
  const View<T>& dlogits = call.outputs[0];
  for (int64_t r = 0; r < logits.rows; ++r) {
    const T total = log_sum_exp(logits.row(r), logits.columns);
    const auto label = static_cast<int64_t>(labels.at(r, 0));
    for (int64_t c = 0; c < logits.columns; ++c) {
      const T hit = c == label ? T{1} : T{0};
      dlogits.at(r, c) = weight.at(r, 0) * (std::exp(logits.at(r, c) - total) - hit);
    }
  }
}

}  // namespace

const Operator& op::elementwise_loss() {
  static const Operator definition{
      .name = "ElementwiseLoss",
      .doc = "loss [batch, 1]: the mean over a row of a formula of prediction and target",
      .attributes = formula_attributes(),
      .infer = infer_elementwise,
      .gradient = gradient_of_elementwise,
      .reference32 = reference_elementwise<float>,
      .reference64 = reference_elementwise<double>};
  return definition;
}

const Operator& op::elementwise_loss_gradient() {
  static const Operator definition{
      .name = "ElementwiseLossGradient",
      .doc = "dp = weight slope(p, t) / columns.  Inputs p, t, weight [batch, 1]",
      .attributes = formula_attributes(),
      .infer = infer_same,
      .reference32 = reference_elementwise_gradient<float>,
      .reference64 = reference_elementwise_gradient<double>};
  return definition;
}

const Operator& op::softmax_cross_entropy() {
  static const Operator definition{
      .name = "SoftmaxCrossEntropy",
      .doc = "loss = log sum_j e^(logit_j) - logit_label.  logits [batch, classes], label "
             "[batch, 1], loss [batch, 1]",
      .attributes = {},
      .infer = infer_cross_entropy,
      .gradient = gradient_of_cross_entropy,
      .reference32 = reference_cross_entropy<float>,
      .reference64 = reference_cross_entropy<double>};
  return definition;
}

const Operator& op::softmax_cross_entropy_gradient() {
  static const Operator definition{
      .name = "SoftmaxCrossEntropyGradient",
      .doc = "dlogits = weight (softmax(logits) - onehot(label)).  Inputs logits, label, weight",
      .attributes = {},
      .infer = infer_same,
      .reference32 = reference_cross_entropy_gradient<float>,
      .reference64 = reference_cross_entropy_gradient<double>};
  return definition;
}

}  // namespace sinapse
