// Cross-entropy of classes with label smoothing, or focal: one number a row, and the gradient of
// their weighted sum. Of a sequence it is the mean over the steps whose label is known. With r the
// probability of the label and K classes,
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
  const bool steps = logits.size() == 3 && labels == batched({logits[1]});
  if (!steps && (logits.size() != 2 || labels != batched({1}))) {
    fail_shape(node, fmt::format("expects logits [batch, classes] and one label a row, or [batch, "
                                 "time, classes] and one a step, but they are {} and {}",
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

/// What the loss says of one label.
template <class T>
struct Constants {
  explicit Constants(const Node& node)
      : smoothing(static_cast<T>(node.number("label_smoothing"))),
        gamma(static_cast<T>(node.number("gamma"))),
        alpha(static_cast<T>(node.number("alpha"))) {}

  T loss(const T* logits, int64_t classes, int64_t label) const {
    const RowOfLogits<T> row(logits, classes, label);
    const T spread = smoothing * (row.log_sum - row.mean_logit);
    return alpha * std::pow(row.miss, gamma) * ((1 - smoothing) * row.surprise + spread);
  }

  // dlogits = weight factor (softmax(logits) - s): s is the smoothed one-hot label, and factor the
  // slope of the loss by CE, alpha ((1-r)^gamma - gamma r (1-r)^(gamma-1) log r).
  void gradient(const T* logits, int64_t classes, int64_t label, T weight, T* dlogits) const {
    const RowOfLogits<T> row(logits, classes, label);
    const T ratio = row.miss > 0 ? row.surprise / row.miss : T{1};  // its limit
    const T factor = alpha * std::pow(row.miss, gamma) * (1 + gamma * (1 - row.miss) * ratio);
    for (int64_t k = 0; k < classes; ++k) {
      const T hit = (k == label ? 1 - smoothing : T{0}) + smoothing / static_cast<T>(classes);
      dlogits[k] = weight * factor * (std::exp(logits[k] - row.log_sum) - hit);
    }
  }

  T smoothing, gamma, alpha;
};

// Only a step may lack its label.
template <class T>
bool is_known(const View<T>& labels, int64_t r, int64_t t) {
  return labels.columns == 1 || labels.at(r, t) == labels.at(r, t);
}

template <class T>
T num_known(const View<T>& labels, int64_t r) {
  int64_t count = 0;
  for (int64_t t = 0; t < labels.columns; ++t) count += is_known(labels, r, t);
  return static_cast<T>(std::max<int64_t>(1, count));
}

template <class T>
void reference_cross_entropy(const ReferenceCall<T>& call) {
  const View<T>&logits = call.inputs[0], &labels = call.inputs[1], &loss = call.outputs[0];
  const Constants<T> constants(call.node);
  const int64_t classes = logits.columns / labels.columns;
  for (int64_t r = 0; r < logits.rows; ++r) {
    T sum{0};
    for (int64_t t = 0; t < labels.columns; ++t) {
      if (!is_known(labels, r, t)) continue;
      sum += constants.loss(logits.row(r) + t * classes, classes,
                            static_cast<int64_t>(labels.at(r, t)));
    }
    loss.at(r, 0) = sum / num_known(labels, r);
  }
}

template <class T>
void reference_cross_entropy_gradient(const ReferenceCall<T>& call) {
  const View<T>&logits = call.inputs[0], &labels = call.inputs[1], &weight = call.inputs[2];
  const View<T>& dlogits = call.outputs[0];
  const Constants<T> constants(call.node);
  const int64_t classes = logits.columns / labels.columns;
  for (int64_t r = 0; r < logits.rows; ++r) {
    const T share = weight.at(r, 0) / num_known(labels, r);
    for (int64_t t = 0; t < labels.columns; ++t) {
      T* const to = dlogits.row(r) + t * classes;
      if (is_known(labels, r, t))
        constants.gradient(logits.row(r) + t * classes, classes,
                           static_cast<int64_t>(labels.at(r, t)), share, to);
      else
        std::fill_n(to, classes, T{0});
    }
  }
}

}  // namespace

const Operator& op::softmax_cross_entropy() {
  static const Operator definition{
      .name = "SoftmaxCrossEntropy",
      .doc =
          "loss = alpha (1 - r)^gamma CE.  logits [batch, classes], label [batch, 1], loss "
          "[batch, 1]; CE = log sum_j e^(logit_j) - logit_label, smoothed; of logits [batch, time, "
          "classes] and labels [batch, time] the mean over the steps whose label is not NaN",
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
