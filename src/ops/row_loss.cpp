// Losses of a row as a whole, whose outputs mean something only together: shares and directions.
// One number a row, and the gradient of their weighted sum, as with the element-wise losses.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include <sinapse/error.h>
#include <sinapse/loss.h>

#include "ops/operators.h"

namespace sinapse {

namespace {

/// sum_k t_k (log t_k - log softmax(p)_k), with 0 log 0 = 0.
struct KullbackLeibler {
  static constexpr std::string_view name = "kl_divergence";
  template <class T>
  static T value(const T* p, const T* t, int64_t n) {
    const T log_sum = log_of_sum(p, n);
    T sum{0};
    for (int64_t k = 0; k < n; ++k) {
      if (t[k] > T(0)) sum += t[k] * std::log(t[k]);
      sum -= t[k] * (p[k] - log_sum);
    }
    return sum;
  }
  template <class T>
  static void slope(const T* p, const T* t, int64_t n, T* dp) {
    const T log_sum = log_of_sum(p, n);
    T total{0};
    for (int64_t k = 0; k < n; ++k) total += t[k];
    for (int64_t k = 0; k < n; ++k) dp[k] = total * std::exp(p[k] - log_sum) - t[k];
  }
  template <class T>
  static T log_of_sum(const T* p, int64_t n) {
    const T largest = *std::max_element(p, p + n);
    T sum{0};
    for (int64_t k = 0; k < n; ++k) sum += std::exp(p[k] - largest);
    return largest + std::log(sum);
  }
};

/// 1 - p t / (|p| |t|); lengths are taken as at least 1e-8, as PyTorch does.
struct CosineDistance {
  static constexpr std::string_view name = "cosine_similarity";
  template <class T>
  static T value(const T* p, const T* t, int64_t n) {
    return T(1) - dot(p, t, n) / (length(p, n) * length(t, n));
  }
  template <class T>
  static void slope(const T* p, const T* t, int64_t n, T* dp) {
    const T of_p = length(p, n), of_t = length(t, n);
    const T cosine = dot(p, t, n) / (of_p * of_t);
    const T turns = of_p > T(kSmallest) ? cosine / of_p : T(0);  // a clamped length is constant
    for (int64_t k = 0; k < n; ++k) dp[k] = turns * (p[k] / of_p) - t[k] / (of_p * of_t);
  }
  static constexpr double kSmallest = 1e-8;
  template <class T>
  static T dot(const T* a, const T* b, int64_t n) {
    T sum{0};
    for (int64_t k = 0; k < n; ++k) sum += a[k] * b[k];
    return sum;
  }
  template <class T>
  static T length(const T* a, int64_t n) {
    return std::max(std::sqrt(dot(a, a, n)), T(kSmallest));
  }
};

/// Calls f(Formula{}) for the loss of that name; returns false if there is none.
template <class F>
bool with_row_formula(std::string_view name, F f) {
  if (name == KullbackLeibler::name) return f(KullbackLeibler{}), true;
  if (name == CosineDistance::name) return f(CosineDistance{}), true;
  return false;
}

const std::vector<AttributeSpec>& formula_attributes() {
  static const std::vector<AttributeSpec> specs{
      {"formula", std::string(KullbackLeibler::name), "which loss of whole rows"}};
  return specs;
}

std::vector<Shape> infer_loss(const Graph& graph, const Node& node) {
  const Shape &p = graph.shape(node.inputs[0]), &t = graph.shape(node.inputs[1]);
  if (p != t) {
    fail_shape(node, fmt::format("the network's output is {}, but the target is {}", to_string(p),
                                 to_string(t)));
  }
  if (!with_row_formula(node.text("formula"), [](auto) {})) {
    fail_shape(node, "there is no loss of whole rows " + node.text("formula"));
  }
  return {batched({1})};
}

std::vector<Shape> infer_same(const Graph& graph, const Node& node) {
  return {graph.shape(node.inputs[0])};
}

std::vector<ValueId> gradient_of_loss(GradientBuilder& builder, const Node& node,
                                      std::span<const ValueId> dy) {
  return {builder.append(op::row_loss_gradient(), node, {node.inputs[0], node.inputs[1], dy[0]},
                         node.attributes),
          kNoValue};
}

template <class T>
void reference_loss(const ReferenceCall<T>& call) {
  const View<T>&p = call.inputs[0], &t = call.inputs[1], &loss = call.outputs[0];
  with_row_formula(call.node.text("formula"), [&](auto formula) {
    for (int64_t r = 0; r < p.rows; ++r) {
      loss.at(r, 0) = formula.value(p.row(r), t.row(r), p.columns);
    }
  });
}

template <class T>
void reference_gradient(const ReferenceCall<T>& call) {
  const View<T>&p = call.inputs[0], &t = call.inputs[1], &weight = call.inputs[2];
  const View<T>& dp = call.outputs[0];
  with_row_formula(call.node.text("formula"), [&](auto formula) {
    for (int64_t r = 0; r < p.rows; ++r) {
      formula.slope(p.row(r), t.row(r), p.columns, dp.row(r));
      for (int64_t k = 0; k < p.columns; ++k) dp.at(r, k) *= weight.at(r, 0);
    }
  });
}

}  // namespace

const Operator& op::row_loss() {
  static const Operator definition{
      .name = "RowLoss",
      .doc = "loss [batch, 1]: a formula of all outputs and targets of a row together",
      .attributes = formula_attributes(),
      .infer = infer_loss,
      .gradient = gradient_of_loss,
      .reference32 = reference_loss<float>,
      .reference64 = reference_loss<double>};
  return definition;
}

const Operator& op::row_loss_gradient() {
  static const Operator definition{
      .name = "RowLossGradient",
      .doc = "dp = weight times the slope of RowLoss.  Inputs p, t, weight [batch, 1]",
      .attributes = formula_attributes(),
      .infer = infer_same,
      .reference32 = reference_gradient<float>,
      .reference64 = reference_gradient<double>};
  return definition;
}

}  // namespace sinapse
