// Traced numbers: each function records the ONNX operator that computes it.
#include <sinapse/formula/traced.h>

namespace sinapse {
namespace {

bool both_constant(const Traced& a, const Traced& b) {
  return a.is_constant() && b.is_constant();
}

}  // namespace

Traced::Traced(double constant) {
  TracedNode node;
  node.kind = TracedNode::Kind::constant;
  node.constant = constant;
  node_ = std::make_shared<const TracedNode>(std::move(node));
}

Traced Traced::argument() {
  return Traced(std::make_shared<const TracedNode>());
}

Traced Traced::operation(std::string_view operator_type, std::initializer_list<Traced> inputs,
                         std::vector<TracedAttribute> attributes) {
  TracedNode node;
  node.kind = TracedNode::Kind::operation;
  node.operator_type = operator_type;
  node.attributes = std::move(attributes);
  for (const Traced& input : inputs) node.inputs.push_back(input.node());
  return Traced(std::make_shared<const TracedNode>(std::move(node)));
}

Traced operator+(const Traced& a, const Traced& b) {
  if (both_constant(a, b)) return a.node_->constant + b.node_->constant;
  return Traced::operation("Add", {a, b});
}
Traced operator-(const Traced& a, const Traced& b) {
  if (both_constant(a, b)) return a.node_->constant - b.node_->constant;
  return Traced::operation("Sub", {a, b});
}
Traced operator*(const Traced& a, const Traced& b) {
  if (both_constant(a, b)) return a.node_->constant * b.node_->constant;
  return Traced::operation("Mul", {a, b});
}
Traced operator/(const Traced& a, const Traced& b) {
  if (both_constant(a, b)) return a.node_->constant / b.node_->constant;
  return Traced::operation("Div", {a, b});
}
Traced operator-(const Traced& a) {
  if (a.is_constant()) return -a.node_->constant;
  return Traced::operation("Neg", {a});
}

Traced operator<(const Traced& a, const Traced& b) {
  return Traced::operation("Less", {a, b});
}
Traced operator<=(const Traced& a, const Traced& b) {
  return Traced::operation("LessOrEqual", {a, b});
}
Traced operator>(const Traced& a, const Traced& b) {
  return Traced::operation("Greater", {a, b});
}
Traced operator>=(const Traced& a, const Traced& b) {
  return Traced::operation("GreaterOrEqual", {a, b});
}
Traced operator==(const Traced& a, const Traced& b) {
  return Traced::operation("Equal", {a, b});
}
Traced select(const Traced& mask, const Traced& a, const Traced& b) {
  return Traced::operation("Where", {mask, a, b});
}

Traced gated(const Traced& x, const Traced& gate) {
  return x * gate;
}
Traced clip(const Traced& x, const Traced& lower, const Traced& upper) {
  return Traced::operation("Clip", {x, lower, upper});
}
Traced min(const Traced& a, const Traced& b) {
  return Traced::operation("Min", {a, b});
}
Traced max(const Traced& a, const Traced& b) {
  return Traced::operation("Max", {a, b});
}
Traced leaky(const Traced& x, const Traced& slope) {
  if (!slope.is_constant()) return select(x <= 0, slope * x, x);
  const float alpha = static_cast<float>(slope.node()->constant);
  return Traced::operation("LeakyRelu", {x}, {{"alpha", alpha}});
}

Traced abs(const Traced& x) {
  return Traced::operation("Abs", {x});
}
Traced sqrt(const Traced& x) {
  return Traced::operation("Sqrt", {x});
}
Traced exp(const Traced& x) {
  return Traced::operation("Exp", {x});
}
Traced log(const Traced& x) {
  return Traced::operation("Log", {x});
}
Traced sin(const Traced& x) {
  return Traced::operation("Sin", {x});
}
Traced cos(const Traced& x) {
  return Traced::operation("Cos", {x});
}
Traced tanh(const Traced& x) {
  return Traced::operation("Tanh", {x});
}
Traced sigmoid(const Traced& x) {
  return Traced::operation("Sigmoid", {x});
}
Traced softplus(const Traced& x) {
  return Traced::operation("Softplus", {x});
}
Traced erf(const Traced& x) {
  return Traced::operation("Erf", {x});
}

// e^x - 1 = tanh(x/2) (e^x + 1), accurate near 0, where e^x - 1 is not.
Traced expm1(const Traced& x) {
  return tanh(0.5 * x) * (exp(x) + 1);
}

// ONNX has no accurate form near 0.
Traced log1p(const Traced& x) {
  return log(1 + x);
}

Traced normal_cdf(const Traced& x) {
  return 0.5 * (1 + erf(0.70710678118654752440 * x));
}

}  // namespace sinapse
