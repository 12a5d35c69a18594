// Element-wise losses: one number a row, and the gradient of their weighted sum. The row weights
// are 1 / rows for the mean over a batch. Of several targets those that are NaN are not known: they
// are left out of the row's mean.
#include <fmt/format.h>

#include <sinapse/error.h>
#include <sinapse/loss.h>

#include "ops/operators.h"
#include "ops/scalars.h"

namespace sinapse {

#include "ops/losses-inl.h"

namespace {

const std::vector<AttributeSpec>& formula_attributes() {
  static const std::vector<AttributeSpec> specs{
      {"formula", std::string(SquaredError::name), "which element-wise loss, with its constants"}};
  return specs;
}

bool is_elementwise_loss(const std::string& text) {
  try {
    const LossDefinition& definition = *parse_loss(text).definition;
    return definition.functions.value || with_loss_formula(definition.name, [](auto) {});
  } catch (const Error&) {
    return false;
  }
}

std::vector<Shape> infer_elementwise(const Graph& graph, const Node& node) {
  const Shape &p = graph.shape(node.inputs[0]), &t = graph.shape(node.inputs[1]);
  if (p != t) {
    fail_shape(node, fmt::format("the network's output is {}, but the target is {}", to_string(p),
                                 to_string(t)));
  }
  if (!is_elementwise_loss(node.text("formula"))) {
    fail_shape(node, "there is no element-wise loss " + node.text("formula"));
  }
  const size_t weights = parse_loss(node.text("formula")).label_weights.size();
  if (weights != 0 && (row_size(p) < 2 || weights != 2 * static_cast<size_t>(row_size(p)))) {
    fail_shape(node, fmt::format("there are {} weights of labels, but the output is {}; give two "
                                 "for each of several labels",
                                 weights, to_string(p)));
  }
  return {batched({1})};
}

std::vector<ValueId> gradient_of_elementwise(GradientBuilder& builder, const Node& node,
                                             std::span<const ValueId> dy) {
  return {builder.append(op::elementwise_loss_gradient(), node,
                         {node.inputs[0], node.inputs[1], dy[0]}, node.attributes),
          kNoValue};
}

// A user's own loss in the form of those in losses-inl.h.
template <class T>
struct OwnFormula {
  LossLoop<T> values, slopes;

  T value(T p, T t, const T* c) const { return call(values, p, t, c); }
  T slope(T p, T t, const T* c) const { return call(slopes, p, t, c); }
  static T call(LossLoop<T> loop, T p, T t, const T* c) {
    T result;
    loop(&p, &t, c, &result, 1);
    return result;
  }
};

OwnFormula<float> own_formula(const LossFunctions& functions, float) {
  return {functions.value, functions.slope};
}
OwnFormula<double> own_formula(const LossFunctions& functions, double) {
  return {functions.value_double, functions.slope_double};
}

// Calls f(Formula{}, constants) for the loss of a node.
template <class T, class F>
void with_loss(const Loss& loss, F f) {
  std::array<T, kMaxLossConstants> constants{};
  std::copy(loss.constants.begin(), loss.constants.end(), constants.begin());
  const LossFunctions& own = loss.definition->functions;
  if (own.value) return f(own_formula(own, T{}), constants.data());
  with_loss_formula(loss.definition->name, [&](auto formula) { f(formula, constants.data()); });
}

template <class T>
bool is_known(const View<T>& t, int64_t r, int64_t k) {
  return t.columns == 1 || t.at(r, k) == t.at(r, k);
}

template <class T>
T num_known(const View<T>& t, int64_t r) {
  int64_t count = 0;
  for (int64_t k = 0; k < t.columns; ++k) count += is_known(t, r, k);
  return static_cast<T>(count);
}

template <class T>
void reference_elementwise(const ReferenceCall<T>& call) {
  const View<T>&p = call.inputs[0], &t = call.inputs[1], &loss = call.outputs[0];
  const Loss chosen = parse_loss(call.node.text("formula"));
  with_loss<T>(chosen, [&](auto formula, const T* c) {
    for (int64_t r = 0; r < p.rows; ++r) {
      T sum{0};
      for (int64_t k = 0; k < p.columns; ++k) {
        if (!is_known(t, r, k)) continue;
        const T share = static_cast<T>(chosen.weight_of(t.at(r, k), k));
        sum += share * formula.value(p.at(r, k), t.at(r, k), c);
      }
      const T known = num_known(t, r);
      loss.at(r, 0) = known > T(0) ? sum / known : T(0);
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
  const Loss chosen = parse_loss(call.node.text("formula"));
  with_loss<T>(chosen, [&](auto formula, const T* c) {
    for (int64_t r = 0; r < p.rows; ++r) {
      const T factor = weight.at(r, 0) / num_known(t, r);
      for (int64_t k = 0; k < p.columns; ++k) {
        dp.at(r, k) = 0;
        if (!is_known(t, r, k)) continue;
        const T share = factor * static_cast<T>(chosen.weight_of(t.at(r, k), k));
        dp.at(r, k) = share * formula.slope(p.at(r, k), t.at(r, k), c);
      }
    }
  });
}

}  // namespace

const Operator& op::elementwise_loss() {
  static const Operator definition{
      .name = "ElementwiseLoss",
      .doc =
          "loss [batch, 1]: the mean over a row of a formula of prediction and target; of several "
          "targets those that are NaN do not count",
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
      .doc = "dp = weight slope(p, t) / known targets.  Inputs p, t, weight [batch, 1]",
      .attributes = formula_attributes(),
      .infer = infer_same,
      .reference32 = reference_elementwise_gradient<float>,
      .reference64 = reference_elementwise_gradient<double>};
  return definition;
}

}  // namespace sinapse
