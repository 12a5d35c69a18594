// What happens to gradients before, and to weights after, their update: gathering the gradients of
// several batches, averaging weights over time, constraints.
#include <cmath>

#include <fmt/format.h>

#include <sinapse/error.h>

#include "data/call_text.h"
#include "data/nearest.h"
#include "ops/constraint.h"
#include "ops/operators.h"

namespace sinapse {

Constraint parse_constraint(std::string_view text) {
  static const std::vector<Constant> norm{
      {"max_value", 2, "the largest norm of a neuron's weights", Domain::positive}};
  const CallText call = parse_call("constraint", text);
  const std::string name = plain_name(call.name);
  if (name == "maxnorm") {
    return {ConstraintKind::max_norm, read_constants("constraint", call, norm)[0]};
  }
  if (name == "nonnegative" || name == "nonneg" || name == "unitnorm") {
    read_constants("constraint", call, {});
    return {name == "unitnorm" ? ConstraintKind::unit_norm : ConstraintKind::non_negative, 0};
  }
  throw Error(ErrorCode::usage,
              fmt::format("There is no constraint \"{}\".{}", call.name,
                          did_you_mean(call.name, {"max_norm", "non_negative", "unit_norm"})));
}

namespace {

void check_one_shape(const Graph& graph, const Node& node) {
  for (const ValueId id : node.inputs) {
    if (graph.shape(id) == graph.shape(node.inputs[0])) continue;
    fail_shape(node,
               fmt::format("expects one shape, but got {} and {}",
                           to_string(graph.shape(node.inputs[0])), to_string(graph.shape(id))));
  }
}

std::vector<Shape> infer_accumulate(const Graph& graph, const Node& node) {
  check_one_shape(graph, node);
  return {graph.shape(node.inputs[0])};
}

std::vector<Shape> infer_nothing(const Graph& graph, const Node& node) {
  check_one_shape(graph, node);
  return {};
}

template <class T>
void reference_accumulate(const ReferenceCall<T>& call) {
  const View<T>&sum = call.inputs[0], &gradient = call.inputs[1], &total = call.outputs[0];
  for (int64_t i = 0; i < sum.columns; ++i) {
    total.data[i] = call.state.begins_update ? gradient.data[i] : sum.data[i] + gradient.data[i];
    sum.data[i] = total.data[i];
  }
}

template <class T>
void reference_average(const ReferenceCall<T>& call) {
  const View<T>&average = call.inputs[0], &weight = call.inputs[1];
  const T share = static_cast<T>(call.state.average_share);
  for (int64_t i = 0; share > 0 && i < average.columns; ++i) {
    const T a = average.data[i], w = weight.data[i];
    average.data[i] = share == 1 ? w : a + share * (w - a);
  }
}

// The factor of one neuron's weights.
template <class T>
T factor_for(const Constraint& constraint, T norm) {
  const T epsilon = static_cast<T>(kNormEpsilon), limit = static_cast<T>(constraint.limit);
  if (constraint.kind == ConstraintKind::unit_norm) return 1 / (norm + epsilon);
  return norm > limit ? limit / (norm + epsilon) : T{1};
}

template <class T>
void reference_constrain(const ReferenceCall<T>& call) {
  if (!call.state.ends_update) return;
  const Constraint constraint = parse_constraint(call.node.text("constraint"));
  const View<T>& weight = call.inputs[0];
  const int64_t neurons = call.input_shape(0)[0], n = weight.columns / neurons;
  for (int64_t neuron = 0; neuron < neurons; ++neuron) {
    T *w = weight.data + neuron * n, squares{0};
    for (int64_t i = 0; i < n; ++i) squares += w[i] * w[i];
    const T factor = factor_for(constraint, std::sqrt(squares));
    for (int64_t i = 0; i < n; ++i) {
      if (constraint.kind == ConstraintKind::non_negative) {
        w[i] = w[i] < 0 ? T{0} : w[i];
      } else {
        w[i] *= factor;
      }
    }
  }
}

}  // namespace

const Operator& op::accumulate() {
  static const Operator definition{
      .name = "Accumulate",
      .doc =
          "The sum of a gradient over the batches of one update.  Inputs sum (a state), gradient",
      .attributes = {},
      .infer = infer_accumulate,
      .reference32 = reference_accumulate<float>,
      .reference64 = reference_accumulate<double>,
      .has_side_effect = true,
      .writes_first_input = true,
      .any_order = true};
  return definition;
}

const Operator& op::average() {
  static const Operator definition{
      .name = "Average",
      .doc =
          "average += share (weight - average), with the share of the step.  Inputs average (a "
          "state), weight",
      .attributes = {},
      .infer = infer_nothing,
      .reference32 = reference_average<float>,
      .reference64 = reference_average<double>,
      .has_side_effect = true,
      .writes_first_input = true,
      .any_order = true};
  return definition;
}

const Operator& op::constrain() {
  static const Operator definition{
      .name = "Constrain",
      .doc =
          "Brings the weights of each neuron, a row of the weight, back to where the constraint "
          "allows them: w *= c / |w| if |w| > c, w = max(w, 0), or w /= |w|.  Srebro, Shraibman "
          "2005",
      .attributes = {{"constraint", std::string("max_norm"),
                      "max_norm(c), non_negative, unit_norm"}},
      .infer = infer_nothing,
      .reference32 = reference_constrain<float>,
      .reference64 = reference_constrain<double>,
      .has_side_effect = true,
      .writes_first_input = true,
      .any_order = true};
  return definition;
}

}  // namespace sinapse
