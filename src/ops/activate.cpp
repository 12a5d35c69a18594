// Activate: any element-wise activation by name, and its gradient.
#include <sinapse/activation.h>

#include "ops/operators.h"

namespace sinapse {

namespace {

std::vector<Shape> infer_same(const Graph& graph, const Node& node) {
  return {graph.shape(node.inputs[0])};
}

std::vector<Shape> infer_gradient(const Graph& graph, const Node& node) {
  return {graph.shape(node.inputs[2])};
}

std::vector<ValueId> gradient_of_activate(GradientBuilder& builder, const Node& node,
                                          std::span<const ValueId> dy) {
  return {builder.append(op::activate_gradient(), node, {node.inputs[0], node.outputs[0], dy[0]},
                         {{"function", node.text("function")}})};
}

template <class T>
void reference_activate(const ReferenceCall<T>& call) {
  const Activation function = parse_activation(call.node.text("function"));
  const View<T>&x = call.inputs[0], &y = call.outputs[0];
  for (int64_t r = 0; r < y.rows; ++r) {
    for (int64_t c = 0; c < y.columns; ++c) y.at(r, c) = activate(function, x.at(r, c));
  }
}

template <class T>
void reference_gradient(const ReferenceCall<T>& call) {
  const Activation function = parse_activation(call.node.text("function"));
  const View<T>&x = call.inputs[0], &dy = call.inputs[2], &dx = call.outputs[0];
  for (int64_t r = 0; r < dx.rows; ++r) {
    for (int64_t c = 0; c < dx.columns; ++c) {
      dx.at(r, c) = dy.at(r, c) * derivative(function, x.at(r, c));
    }
  }
}

const std::vector<AttributeSpec>& attributes() {
  static const std::vector<AttributeSpec> specs{
      {"function", std::string("identity"), "the activation with its constants"}};
  return specs;
}

}  // namespace

const Operator& op::activate() {
  static const Operator definition{.name = "Activate",
                                   .doc = "y = f(x), element by element",
                                   .attributes = attributes(),
                                   .infer = infer_same,
                                   .gradient = gradient_of_activate,
                                   .reference32 = reference_activate<float>,
                                   .reference64 = reference_activate<double>};
  return definition;
}

const Operator& op::activate_gradient() {
  static const Operator definition{
      .name = "ActivateGradient",
      .doc = "dx = dy f'(x).  Inputs x, y = f(x), dy: a kernel may use x or y as suits it",
      .attributes = attributes(),
      .infer = infer_gradient,
      .reference32 = reference_gradient<float>,
      .reference64 = reference_gradient<double>};
  return definition;
}

}  // namespace sinapse
