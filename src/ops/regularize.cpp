// Gradients on their way to the update: penalties on weights, and clipping.
#include <cmath>

#include <fmt/format.h>

#include "ops/operators.h"

namespace sinapse {

namespace {

std::vector<Shape> infer_same(const Graph& graph, const Node& node) {
  return {graph.shape(node.inputs[0])};
}

std::vector<Shape> infer_penalty(const Graph& graph, const Node& node) {
  if (graph.shape(node.inputs[0]) != graph.shape(node.inputs[1])) {
    fail_shape(node, "gradient and weight must have one shape");
  }
  return infer_same(graph, node);
}

template <class T>
void reference_penalty(const ReferenceCall<T>& call) {
  const View<T>&gradient = call.inputs[0], &weight = call.inputs[1];
  const T l1 = static_cast<T>(call.node.number("l1"));
  const T twice_l2 = static_cast<T>(2 * call.node.number("l2"));
  for (int64_t i = 0; i < gradient.columns; ++i) {
    const T w = weight.data[i];
    const T sign = static_cast<T>((w > 0) - (w < 0));
    call.outputs[0].data[i] = gradient.data[i] + (l1 * sign + twice_l2 * w);
  }
}

template <class T>
void reference_clip(const ReferenceCall<T>& call) {
  const T limit = static_cast<T>(call.node.number("limit"));
  for (int64_t i = 0; i < call.inputs[0].columns; ++i) {
    const T x = call.inputs[0].data[i];
    call.outputs[0].data[i] = x > limit ? limit : x < -limit ? -limit : x;  // NaN stays
  }
}

std::vector<Shape> infer_squares(const Graph& graph, const Node& node) {
  const int64_t length = graph.shape(node.inputs[0])[0];
  return {{(length + op::kSquaredSumRows - 1) / op::kSquaredSumRows}};
}

template <class T>
void reference_squares(const ReferenceCall<T>& call) {
  const View<T>&x = call.inputs[0], &sums = call.outputs[0];
  const int64_t block = x.columns / call.input_shape(0)[0] * op::kSquaredSumRows;
  for (int64_t s = 0; s < sums.columns; ++s) {
    sums.data[s] = 0;
    for (int64_t i = s * block; i < std::min((s + 1) * block, x.columns); ++i) {
      sums.data[s] += x.data[i] * x.data[i];
    }
  }
}

std::vector<Shape> infer_factor(const Graph&, const Node&) {
  return {{1}};
}

template <class T>
void reference_factor(const ReferenceCall<T>& call) {
  T squares{0};
  for (const View<T>& part : call.inputs) {
    for (int64_t i = 0; i < part.columns; ++i) squares += part.data[i];
  }
  const T factor = static_cast<T>(call.node.number("norm")) / (std::sqrt(squares) + T(1e-6));
  call.outputs[0].data[0] = factor < 1 ? factor : factor >= 1 ? T{1} : factor;  // NaN stays
}

}  // namespace

const Operator& op::penalty_gradient() {
  static const Operator definition{
      .name = "PenaltyGradient",
      .doc =
          "gradient + l1 sign(w) + 2 l2 w: of the loss plus l1 sum |w| + l2 sum w^2.  Inputs "
          "gradient, weight.  Tibshirani 1996; Tikhonov 1963",
      .attributes = {{"l1", 0.0, "factor of the sum of absolute weights"},
                     {"l2", 0.0, "factor of the sum of squared weights"}},
      .infer = infer_penalty,
      .reference32 = reference_penalty<float>,
      .reference64 = reference_penalty<double>,
      .any_order = true};
  return definition;
}

const Operator& op::clip_by_value() {
  static const Operator definition{.name = "ClipByValue",
                                   .doc = "y = min(max(x, -limit), limit)",
                                   .attributes = {{"limit", 1.0, "the largest absolute value"}},
                                   .infer = infer_same,
                                   .reference32 = reference_clip<float>,
                                   .reference64 = reference_clip<double>,
                                   .any_order = true};
  return definition;
}

const Operator& op::squared_sums() {
  static const Operator definition{
      .name = "SquaredSums",
      .doc =
          "Sums of x^2 over each 64 neighbours of the first axis: parts of a norm, so that "
          "threads share the work and the order of the sum is fixed",
      .attributes = {},
      .infer = infer_squares,
      .reference32 = reference_squares<float>,
      .reference64 = reference_squares<double>,
      .any_order = true};
  return definition;
}

const Operator& op::clip_factor() {
  static const Operator definition{
      .name = "ClipFactor",
      .doc =
          "min(1, norm / (root of the sum of all inputs + 1e-6)).  Pascanu, Mikolov, Bengio 2013",
      .attributes = {{"norm", 1.0, "the largest norm of all gradients together"}},
      .infer = infer_factor,
      .reference32 = reference_factor<float>,
      .reference64 = reference_factor<double>};
  return definition;
}

}  // namespace sinapse
