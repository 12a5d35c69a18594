// Cross-entropy of classes with label smoothing, or focal: one number a row, and the gradient of
// their weighted sum. With r the probability of the label and K classes,
//   loss = alpha (1 - r)^gamma CE,  CE = -(1 - label_smoothing) log r - label_smoothing/K sum log p
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "ops/operators.h"

namespace sinapse {

namespace {

const std::vector<AttributeSpec>& constants() {
  static const std::vector<AttributeSpec> specs{
      {"label_smoothing", 0.0, "share of the target that is spread over all classes"},
      {"gamma", 0.0, "of the focal loss; excludes label_smoothing"},
      {"alpha", 1.0, "factor of the loss"}};
  return specs;
}

std::vector<Shape> infer_cross_entropy(const Graph& graph, const Node& node) {
  const Shape &logits = graph.shape(node.inputs[0]), &labels = graph.shape(node.inputs[1]);
  if (logits.size() != 2 || labels != batched({1})) {
    fail_shape(node, fmt::format("expects logits [batch, classes] and one label a row, but they "
                                 "are {} and {}",
                                 to_string(logits), to_string(labels)));
  }
  if (node.number("label_smoothing") != 0 && node.number("gamma") != 0) {
    fail_shape(node, "takes label_smoothing or gamma, not both");
  }
  return {batched({1})};
}

std::vector<Shape> infer_same(const Graph& graph, const Node& node) {
  return {graph.shape(node.inputs[0])};
}

std::vector<ValueId> gradient_of_cross_entropy(GradientBuilder& builder, const Node& node,
                                               std::span<const ValueId> dy) {
  return {builder.append(op::softmax_cross_entropy_gradient(), node,
                         {node.inputs[0], node.inputs[1], dy[0]}, node.attributes),
          kNoValue};
}

/// What the loss and its gradient need of one row.
template <class T>
struct RowOfLogits {
  RowOfLogits(const T* x, int64_t n, int64_t label) {
    const T largest = *std::max_element(x, x + n);
    T sum{0}, others{0};
    for (int64_t k = 0; k < n; ++k) {
      const T e = std::exp(x[k] - largest);
      sum += e;
      if (k != label) others += e;
      mean_logit += x[k] / static_cast<T>(n);
    }
    log_sum = largest + std::log(sum);
    surprise = log_sum - x[label];
    miss = others / sum;
  }

  T log_sum{0};   // log sum_k e^x_k
  T surprise{0};  // -log r
  T miss{0};      // 1 - r, without cancellation
  T mean_logit{0};
};

template <class T>
void reference_cross_entropy(const ReferenceCall<T>& call) {
  const View<T>&logits = call.inputs[0], &labels = call.inputs[1], &loss = call.outputs[0];
  const auto smoothing = static_cast<T>(call.node.number("label_smoothing"));
  const auto gamma = static_cast<T>(call.node.number("gamma"));
  const auto alpha = static_cast<T>(call.node.number("alpha"));
  for (int64_t r = 0; r < logits.rows; ++r) {
    const auto label = static_cast<int64_t>(labels.at(r, 0));
    const RowOfLogits<T> row(logits.row(r), logits.columns, label);
    const T spread = smoothing * (row.log_sum - row.mean_logit);
    loss.at(r, 0) = alpha * std::pow(row.miss, gamma) * ((1 - smoothing) * row.surprise + spread);
  }
}

// dlogits = weight factor (softmax(logits) - s): s is the smoothed one-hot label, and factor the
// slope of the loss by CE, alpha ((1-r)^gamma - gamma r (1-r)^(gamma-1) log r).
template <class T>
void reference_cross_entropy_gradient(const ReferenceCall<T>& call) {
  const View<T>&logits = call.inputs[0], &labels = call.inputs[1], &weight = call.inputs[2];
  const View<T>& dlogits = call.outputs[0];
  const auto smoothing = static_cast<T>(call.node.number("label_smoothing"));
  const auto gamma = static_cast<T>(call.node.number("gamma"));
  const auto alpha = static_cast<T>(call.node.number("alpha"));
  for (int64_t r = 0; r < logits.rows; ++r) {
    const auto label = static_cast<int64_t>(labels.at(r, 0));
    const RowOfLogits<T> row(logits.row(r), logits.columns, label);
    const T ratio = row.miss > 0 ? row.surprise / row.miss : T{1};  // its limit
    const T factor = alpha * std::pow(row.miss, gamma) * (1 + gamma * (1 - row.miss) * ratio);
    for (int64_t k = 0; k < logits.columns; ++k) {
      const T hit =
          (k == label ? 1 - smoothing : T{0}) + smoothing / static_cast<T>(logits.columns);
      dlogits.at(r, k) = weight.at(r, 0) * factor * (std::exp(logits.at(r, k) - row.log_sum) - hit);
    }
  }
}

}  // namespace

const Operator& op::softmax_cross_entropy() {
  static const Operator definition{
      .name = "SoftmaxCrossEntropy",
      .doc =
          "loss = alpha (1 - r)^gamma CE.  logits [batch, classes], label [batch, 1], loss "
          "[batch, 1]; CE = log sum_j e^(logit_j) - logit_label, smoothed",
      .attributes = constants(),
      .infer = infer_cross_entropy,
      .gradient = gradient_of_cross_entropy,
      .reference32 = reference_cross_entropy<float>,
      .reference64 = reference_cross_entropy<double>};
  return definition;
}

const Operator& op::softmax_cross_entropy_gradient() {
  static const Operator definition{
      .name = "SoftmaxCrossEntropyGradient",
      .doc =
          "dlogits = weight factor (softmax(logits) - smoothed one-hot label).  Inputs logits, "
          "label, weight",
      .attributes = constants(),
      .infer = infer_same,
      .reference32 = reference_cross_entropy_gradient<float>,
      .reference64 = reference_cross_entropy_gradient<double>};
  return definition;
}

}  // namespace sinapse
