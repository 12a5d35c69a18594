// Update: one step of an optimizer on one weight tensor, in place.
#include <sinapse/optimizer.h>

#include "ops/operators.h"
#include "ops/prepare_update.h"

namespace sinapse {

#include "ops/optimizers-inl.h"

namespace {

std::vector<Shape> infer_update(const Graph& graph, const Node& node) {
  for (const ValueId id : node.inputs) {
    if (graph.shape(id) != graph.shape(node.inputs[0])) {
      fail_shape(node, "weight, gradient and moments must have one shape");
    }
  }
  return {};
}

template <class T>
void reference_update(const ReferenceCall<T>& call) {
  if (!call.state.ends_update) return;
  const Optimizer optimizer = parse_optimizer(call.node.text("optimizer"));
  const View<T>&weight = call.inputs[0], &gradient = call.inputs[1];
  const Scalars prepared =
      prepare_update(optimizer, call.state.learning_rate, call.state.updates());
  std::array<T, kMaxScalars> scalars;
  std::copy(prepared.begin(), prepared.end(), scalars.begin());
  with_optimizer_formula(optimizer, [&](auto formula) {
    for (int64_t i = 0; i < weight.columns; ++i) {
      T moments[formula.num_moments + 1];
      for (int m = 0; m < formula.num_moments; ++m) moments[m] = call.inputs[2 + m].data[i];
      formula.apply(weight.data[i], gradient.data[i], moments, scalars.data());
      for (int m = 0; m < formula.num_moments; ++m) call.inputs[2 + m].data[i] = moments[m];
    }
  });
}

}  // namespace

const Operator& op::update() {
  static const Operator definition{
      .name = "Update",
      .doc = "Moves a weight by one step of an optimizer.  Inputs weight, gradient, moments",
      .attributes = {{"optimizer", std::string("sgd"), "the optimizer with its constants"}},
      .infer = infer_update,
      .reference32 = reference_update<float>,
      .reference64 = reference_update<double>,
      .has_side_effect = true,
      .writes_first_input = true,
      .any_order = true};
  return definition;
}

}  // namespace sinapse
