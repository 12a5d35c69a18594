// Activations against values computed from their definitions (tests/golden/make_activations.py).
#include <cmath>
#include <fstream>
#include <limits>
#include <map>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <sinapse/activation_formula.h>
#include <sinapse/error.h>

#include "paths.h"

namespace {

using namespace sinapse;

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

struct Point {
  double x, value, derivative;
};

double read(const nlohmann::json& number) {
  if (number.is_number()) return number.get<double>();
  const std::string text = number.get<std::string>();
  return text == "nan" ? kNaN : text == "inf" ? kInfinity : -kInfinity;
}

/// Points and their values by activation text.
std::map<std::string, std::vector<Point>> golden() {
  std::ifstream file(source_path("tests/golden/activations.json"));
  std::map<std::string, std::vector<Point>> table;
  const nlohmann::json all = nlohmann::json::parse(file);
  for (const auto& [name, rows] : all.items())
    for (const auto& row : rows) table[name].push_back({read(row[0]), read(row[1]), read(row[2])});
  return table;
}

void expect_close(double actual, double expected, double tolerance, const std::string& what) {
  if (std::isnan(expected)) {
    EXPECT_TRUE(std::isnan(actual)) << what << " is " << actual;
  } else if (std::isinf(expected)) {
    EXPECT_EQ(actual, expected) << what;
  } else {
    EXPECT_NEAR(actual, expected, tolerance) << what;
  }
}

/// The element-wise built-in activations, and some with other constants.
std::vector<Activation> element_wise() {
  std::vector<Activation> all;
  for (const auto& [text, points] : golden()) all.push_back(parse_activation(text));
  return all;
}

/// Where formulas have kinks or jumps.
const std::vector<double> kinks = {-3, -2.5, -1, -0.5, 0, 1, 2.5, 3, 6};

TEST(Activation, GoldenTableHasEveryElementWiseName) {
  const auto table = golden();
  for (const ActivationDefinition* definition : activations()) {
    if (definition->row_wise || definition->name.substr(0, 5) == "test_") continue;
    EXPECT_TRUE(table.count(std::string(definition->name))) << definition->name;
  }
}

TEST(Activation, ValuesAgreeWithDefinition) {
  for (const auto& [text, points] : golden()) {
    const Activation activation = parse_activation(text);
    for (const Point& p : points) {
      const std::string what = text + " at " + std::to_string(p.x);
      expect_close(activate(activation, p.x), p.value, 1e-14 * std::abs(p.value) + 1e-17, what);
    }
  }
}

TEST(Activation, DerivativesAgreeWithDefinition) {
  for (const auto& [text, points] : golden()) {
    const Activation activation = parse_activation(text);
    for (const Point& p : points) {
      const std::string what = text + "' at " + std::to_string(p.x);
      const double tolerance = 1e-14 * std::max(1.0, std::abs(p.derivative));
      expect_close(derivative(activation, p.x), p.derivative, tolerance, what);
      if (has_derivative_from_output(activation))
        expect_close(derivative_from_output(activation, activate(activation, p.x)), p.derivative,
                     tolerance, what + " from its output");
    }
  }
}

TEST(Activation, FloatsAgreeWithDoubles) {
  constexpr double largest = std::numeric_limits<float>::max();
  for (const auto& [text, points] : golden()) {
    const Activation activation = parse_activation(text);
    for (const Point& p : points) {
      const float x = static_cast<float>(p.x);
      const double y = activate(activation, double{x}), slope = derivative(activation, double{x});
      const std::string what = text + " at " + std::to_string(x);
      if (std::abs(y) > largest || slope > largest) continue;
      expect_close(activate(activation, x), y, 1e-6 * std::abs(y) + 6e-8, what);
      expect_close(derivative(activation, x), slope, 3e-6 * std::max(1.0, std::abs(slope)), what);
    }
  }
}

TEST(Activation, NaNComesOut) {
  for (const Activation& activation : element_wise()) {
    EXPECT_TRUE(std::isnan(activate(activation, kNaN))) << to_string(activation);
    EXPECT_TRUE(std::isnan(activate(activation, std::nanf("")))) << to_string(activation);
  }
}

TEST(Activation, DerivativesAgreeWithCentralDifferences) {
  constexpr double h = 1e-5;
  for (const Activation& activation : element_wise())
    for (double x = -9.037; x < 9; x += 0.21) {
      const bool kink = std::any_of(kinks.begin(), kinks.end(),
                                    [x](double at) { return std::abs(x - at) < 2 * h; });
      ASSERT_FALSE(kink) << "choose other points";
      const double slope = (activate(activation, x + h) - activate(activation, x - h)) / (2 * h);
      EXPECT_NEAR(derivative(activation, x), slope, 2e-8 * std::max(1.0, x * x))
          << to_string(activation) << " at " << x;
    }
}

TEST(Activation, DerivativeAtKinksIsThatOfTheLeftBranch) {
  for (const Activation& activation : element_wise())
    for (const double x : kinks)
      EXPECT_NEAR(derivative(activation, x), derivative(activation, x - 1e-9), 1e-7)
          << to_string(activation) << " at " << x;
}

TEST(Activation, SignedZeros) {
  for (const Activation& activation : element_wise()) {
    EXPECT_EQ(activate(activation, -0.0), activate(activation, 0.0)) << to_string(activation);
    EXPECT_EQ(derivative(activation, -0.0), derivative(activation, 0.0)) << to_string(activation);
  }
}

// What others got wrong.

TEST(RandomizedRelu, InferenceTakesTheMiddleSlope) {
  const Activation rrelu = parse_activation("RReLU");
  EXPECT_TRUE(rrelu.definition->random_slope);
  EXPECT_DOUBLE_EQ(activate(rrelu, -2.0), -2 * 11.0 / 48);
  EXPECT_DOUBLE_EQ(activate(rrelu, 0.1), 0.1);
  EXPECT_DOUBLE_EQ(derivative(rrelu, -2.0), 11.0 / 48);
  EXPECT_DOUBLE_EQ(derivative_from_output(rrelu, -0.4), 11.0 / 48);
}

TEST(Elu, DerivativeHasAlpha) {
  const Activation elu = parse_activation("elu(alpha=3)");
  EXPECT_DOUBLE_EQ(derivative(elu, -1.0), 3 * std::exp(-1.0));
  EXPECT_DOUBLE_EQ(derivative_from_output(elu, activate(elu, -1.0)), 3 * std::exp(-1.0));
}

TEST(LeakyRelu, DerivativeHasAlpha) {
  EXPECT_EQ(derivative(parse_activation("leaky_relu(alpha=0.3)"), -1.0), 0.3);
}

TEST(LeakyRelu, KeepsTheInputIfItsSlopeIsNegative) {
  EXPECT_TRUE(has_derivative_from_output(parse_activation("leaky_relu")));
  EXPECT_FALSE(has_derivative_from_output(parse_activation("leaky_relu(alpha=-0.5)")));
}

TEST(GeluTanh, CubesOnlyX) {
  const double u = std::sqrt(2 / M_PI) * (2 + 0.044715 * 8);
  EXPECT_NEAR(activate(parse_activation("gelu(tanh)"), 2.0), 1 + std::tanh(u), 1e-14);
  EXPECT_NEAR(activate(parse_activation("gelu"), 2.0), 2 * 0.97724986805182079, 1e-14);
}

TEST(Activation, FloatsDoNotOverflowOnTheWay) {
  EXPECT_EQ(activate(parse_activation("softplus"), 89.0f), 89.0f);
  EXPECT_EQ(derivative(parse_activation("softplus"), 89.0f), 1.0f);
  EXPECT_EQ(derivative(parse_activation("swish"), 45.0f), 1.0f);
  EXPECT_NEAR(derivative(parse_activation("swish"), -45.0f), -44 * std::exp(-45.0), 1e-19);
  EXPECT_EQ(derivative(parse_activation("mish"), 30.0f), 1.0f);
  EXPECT_EQ(derivative(parse_activation("mish"), 100.0f), 1.0f);
  for (const float x : {4e9f, 1e20f, 3e38f})
    for (const float sign : {-1.0f, 1.0f})
      EXPECT_NEAR(derivative(parse_activation("rational_tanh"), sign * x), 0, 1e-20);
}

TEST(RationalTanh, ChapterValues) {
  const Activation rational_tanh = parse_activation("RATIONALTANH");
  EXPECT_NEAR(activate(rational_tanh, 1.0), 0.9982216, 5e-8);
  EXPECT_NEAR(activate(rational_tanh, -2.0), -1.5160931, 5e-8);
  EXPECT_NEAR(derivative(rational_tanh, 0.0), 1.143933, 5e-7);
}

TEST(Gelu, LeftTailIsAccurate) {
  EXPECT_NEAR(activate(parse_activation("gelu"), -5.0f) / -1.4332578e-06, 1, 1e-5);
}

// Names.

TEST(ParseActivation, TakesNamesOfEveryStyle) {
  for (const char* text : {"leaky_relu", "LEAKYRELU", "LeakyReLU", "leaky-relu", " leaky relu "})
    EXPECT_EQ(parse_activation(text).definition->name, "leaky_relu") << text;
  EXPECT_EQ(parse_activation("linear").definition->name, "identity");
  EXPECT_EQ(parse_activation("SiLU").definition->name, "swish");
  EXPECT_EQ(parse_activation("logistic").definition->name, "sigmoid");
  EXPECT_EQ(parse_activation("gelu(Tanh)").definition->name, "gelu_tanh");
  EXPECT_EQ(parse_activation("gelu(sigmoid)").definition->name, "gelu_sigmoid");
  EXPECT_TRUE(parse_activation("SOFTMAX").definition->row_wise);
}

TEST(ParseActivation, KnowsTheChaptersNames) {
  for (const char* text : {"CUBE",     "ELU",       "HARDSIGMOID",     "HARDTANH",
                           "IDENTITY", "LEAKYRELU", "RATIONALTANH",    "RELU",
                           "RRELU",    "SIGMOID",   "SOFTMAX",         "SOFTPLUS",
                           "SOFTSIGN", "TANH",      "RECTIFIEDTANH",   "SELU",
                           "RELU6",    "SWISH",     "THRESHOLDEDRELU", "GELU",
                           "MISH",     "HARDSWISH", "LOGSOFTMAX"})
    EXPECT_NO_THROW(parse_activation(text)) << text;
}

TEST(ParseActivation, TakesConstants) {
  EXPECT_EQ(parse_activation("leaky_relu(alpha=0.2)").constants, std::vector<double>{0.2});
  EXPECT_EQ(parse_activation("leaky_relu( 0.2 )").constants, std::vector<double>{0.2});
  EXPECT_EQ(parse_activation("leaky_relu()").constants, std::vector<double>{0.01});
  EXPECT_EQ(parse_activation("rrelu(upper=0.5)").constants, (std::vector<double>{0.125, 0.5}));
  EXPECT_EQ(parse_activation("RReLU(0.1, 0.2)").constants, (std::vector<double>{0.1, 0.2}));
}

TEST(ParseActivation, TextRoundTrips) {
  for (const char* text :
       {"relu", "leaky_relu(alpha=0.2)", "elu(alpha=1e-20)", "gelu_tanh",
        "hard_sigmoid(alpha=0.16666666666666666)", "rrelu(lower=0.1, upper=0.2)"})
    EXPECT_EQ(to_string(parse_activation(text)), text);
  EXPECT_EQ(to_string(parse_activation("LeakyRelu(0.01)")), "leaky_relu");
}

std::string message_of(const std::string& text) {
  try {
    parse_activation(text);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::usage);
    return error.what();
  }
  return "no error";
}

TEST(ParseActivation, RejectsWithAdvice) {
  EXPECT_NE(message_of("PReLU").find("layer"), std::string::npos);
  EXPECT_NE(message_of("rleu").find("Did you mean \"relu\"?"), std::string::npos);
  EXPECT_NE(message_of("elu(alhpa=1)").find("Did you mean \"alpha\"?"), std::string::npos);
  for (const char* text :
       {"", "(", "relu(", "relu(1)", "relu(x=1)", "elu(1, 2)", "elu(nan)", "elu(inf)", "elu(alpha)",
        "elu(1,alpha=2)", "elu(1e999)", "elu(0.1x)", "elu(,)", "relu)", "gelu(cosh)", "elu(1)2"})
    EXPECT_NE(message_of(text), "no error") << text;
}

TEST(Activation, RowWiseHasNoValueForOneNumber) {
  EXPECT_THROW(activate(parse_activation("softmax"), 1.0), Error);
}

TEST(Activation, EveryDefinitionIsDescribed) {
  for (const ActivationDefinition* definition : activations()) {
    if (definition->name.substr(0, 5) == "test_") continue;
    EXPECT_FALSE(definition->formula.empty()) << definition->name;
    EXPECT_FALSE(definition->derivative.empty()) << definition->name;
    EXPECT_FALSE(definition->doc.empty()) << definition->name;
  }
}

// A user's own.

struct Snake {
  static constexpr ActivationText text{.name = "test_snake", .formula = "x + tanh²(αx)/α"};
  static constexpr ActivationConstant constants[] = {{"alpha", 1, "frequency"}};
  template <class T>
  static T f(T x, T alpha) {
    const T t = tanh(alpha * x);
    return x + t * t / alpha;
  }
};

struct TakenName : Snake {
  static constexpr ActivationText text{.name = "ReLU"};
};

TEST(RegisterActivation, MakesAUsersOwnKnown) {
  EXPECT_EQ(&register_activation<Snake>(), &register_activation<Snake>());
  const Activation snake = parse_activation("TestSnake(alpha=2)");
  const double t = std::tanh(1.0);
  EXPECT_DOUBLE_EQ(activate(snake, 0.5), 0.5 + t * t / 2);
  EXPECT_DOUBLE_EQ(derivative(snake, 0.5), 1 + 2 * t * (1 - t * t));
  EXPECT_FALSE(has_derivative_from_output(snake));
}

TEST(RegisterActivation, RejectsATakenName) {
  EXPECT_THROW(register_activation<TakenName>(), Error);
}

}  // namespace
