// The ONNX operators traced from a formula, carried out by a small evaluator, equal the formula.
#include <cmath>
#include <functional>
#include <map>

#include <gtest/gtest.h>

#include <sinapse/activation_formula.h>

namespace {

using namespace sinapse;

using Arguments = std::vector<double>;
using Attributes = std::map<std::string, double>;
using Operator = std::function<double(const Arguments&, const Attributes&)>;

/// What the ONNX standard (opset 17) says the operators do.
const std::map<std::string, Operator> operators = {
    {"Add", [](auto& x, auto&) { return x[0] + x[1]; }},
    {"Sub", [](auto& x, auto&) { return x[0] - x[1]; }},
    {"Mul", [](auto& x, auto&) { return x[0] * x[1]; }},
    {"Div", [](auto& x, auto&) { return x[0] / x[1]; }},
    {"Neg", [](auto& x, auto&) { return -x[0]; }},
    {"Less", [](auto& x, auto&) { return x[0] < x[1]; }},
    {"LessOrEqual", [](auto& x, auto&) { return x[0] <= x[1]; }},
    {"Greater", [](auto& x, auto&) { return x[0] > x[1]; }},
    {"GreaterOrEqual", [](auto& x, auto&) { return x[0] >= x[1]; }},
    {"Equal", [](auto& x, auto&) { return x[0] == x[1]; }},
    {"Where", [](auto& x, auto&) { return x[0] != 0 ? x[1] : x[2]; }},
    {"Min", [](auto& x, auto&) { return std::min(x[0], x[1]); }},
    {"Max", [](auto& x, auto&) { return std::max(x[0], x[1]); }},
    {"Clip", [](auto& x, auto&) { return std::min(std::max(x[0], x[1]), x[2]); }},
    {"Abs", [](auto& x, auto&) { return std::abs(x[0]); }},
    {"Sqrt", [](auto& x, auto&) { return std::sqrt(x[0]); }},
    {"Exp", [](auto& x, auto&) { return std::exp(x[0]); }},
    {"Log", [](auto& x, auto&) { return std::log(x[0]); }},
    {"Sin", [](auto& x, auto&) { return std::sin(x[0]); }},
    {"Cos", [](auto& x, auto&) { return std::cos(x[0]); }},
    {"Tanh", [](auto& x, auto&) { return std::tanh(x[0]); }},
    {"Sigmoid", [](auto& x, auto&) { return 1 / (1 + std::exp(-x[0])); }},
    {"Softplus", [](auto& x, auto&) { return std::log1p(std::exp(x[0])); }},
    {"Softsign", [](auto& x, auto&) { return x[0] / (1 + std::abs(x[0])); }},
    {"Erf", [](auto& x, auto&) { return std::erf(x[0]); }},
    {"Relu", [](auto& x, auto&) { return std::max(x[0], 0.0); }},
    {"LeakyRelu", [](auto& x, auto& a) { return x[0] < 0 ? a.at("alpha") * x[0] : x[0]; }},
    {"Elu", [](auto& x, auto& a) { return x[0] < 0 ? a.at("alpha") * std::expm1(x[0]) : x[0]; }},
    {"Selu",
     [](auto& x, auto& a) {
       return a.at("gamma") * (x[0] > 0 ? x[0] : a.at("alpha") * std::expm1(x[0]));
     }},
    {"HardSigmoid",
     [](auto& x, auto& a) {
       return std::max(0.0, std::min(1.0, a.at("alpha") * x[0] + a.at("beta")));
     }},
    {"HardSwish",
     [](auto& x, auto&) { return x[0] * std::max(0.0, std::min(1.0, x[0] / 6 + 0.5)); }},
    {"ThresholdedRelu", [](auto& x, auto& a) { return x[0] > a.at("alpha") ? x[0] : 0; }},
};

double evaluate(const TracedNode& node, double x) {
  if (node.kind == TracedNode::Kind::argument) return x;
  if (node.kind == TracedNode::Kind::constant) return node.constant;
  Arguments arguments;
  for (const auto& input : node.inputs) arguments.push_back(evaluate(*input, x));
  Attributes attributes;
  for (const auto& [name, value] : node.attributes) attributes[name] = std::get<float>(value);
  return operators.at(node.operator_type)(arguments, attributes);
}

TEST(Traced, OperatorsEqualTheFormula) {
  for (const ActivationDefinition* definition : activations()) {
    if (definition->row_wise) continue;
    const Activation activation = parse_activation(std::string(definition->name));
    const Traced traced = trace(activation);
    for (double x = -12; x <= 12; x += 0.25) {
      const double expected = activate(activation, x);
      EXPECT_NEAR(evaluate(*traced.node(), x), expected, 1e-7 * std::max(1.0, std::abs(expected)))
          << definition->name << " at " << x;
    }
  }
}

TEST(Traced, UsesTheOperatorThatOnnxHas) {
  const auto operator_of = [](const char* text) {
    return trace(parse_activation(text)).node()->operator_type;
  };
  EXPECT_EQ(operator_of("relu"), "Relu");
  EXPECT_EQ(operator_of("elu"), "Elu");
  EXPECT_EQ(operator_of("relu6"), "Clip");
  EXPECT_EQ(operator_of("tanh"), "Tanh");
  EXPECT_EQ(operator_of("softplus"), "Softplus");
  EXPECT_EQ(operator_of("hard_swish"), "HardSwish");
  EXPECT_EQ(operator_of("softmax"), "Softmax");
  EXPECT_EQ(operator_of("log_softmax"), "LogSoftmax");
  EXPECT_EQ(trace(parse_activation("identity")).node()->kind, TracedNode::Kind::argument);
}

TEST(Traced, ConstantsBecomeAttributes) {
  const Traced traced = trace(parse_activation("rrelu(0.1, 0.3)"));
  ASSERT_EQ(traced.node()->operator_type, "LeakyRelu");
  ASSERT_EQ(traced.node()->attributes.size(), 1u);
  EXPECT_EQ(traced.node()->attributes[0].name, "alpha");
  EXPECT_FLOAT_EQ(std::get<float>(traced.node()->attributes[0].value), 0.2f);
}

/// Uses every function a formula may use.
struct Everything {
  template <class T>
  static T f(T x) {
    const T a = abs(x) + 1;
    const T sum = exp(-a) + expm1(x / 8) + log1p(a) + log(a) + sqrt(a) + erf(x) + normal_cdf(x) +
                  softplus(x) + sigmoid(x) + tanh(x);
    const T bent = min(x, 2) + max(x, -1) + clip(x, -2, 3) + leaky(x, T(0.5)) + gated(x, tanh(x));
    return select(x < 1, sum, bent) + select(x >= 2, -x, 2 * x) + select(x == 0, 1, x);
  }
};

TEST(Traced, EveryFunctionIsRecorded) {
  const Traced traced = trace_formula<Everything>(nullptr);
  for (double x = -5; x <= 5; x += 0.5)
    EXPECT_NEAR(evaluate(*traced.node(), x), (formula_value<Everything, double>(x, nullptr)), 1e-7)
        << x;
}

TEST(Dual, EveryFunctionIsDifferentiated) {
  constexpr double h = 1e-6;
  const auto f = [](double x) { return formula_value<Everything, double>(x, nullptr); };
  for (double x = -4.93; x <= 5; x += 0.3) {
    const double slope = (f(x + h) - f(x - h)) / (2 * h);
    EXPECT_NEAR((formula_derivative<Everything, double>(x, nullptr)), slope, 1e-8) << x;
  }
}

}  // namespace
