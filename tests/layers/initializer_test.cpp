#include "layers/initializer.h"

#include <cmath>

#include <gtest/gtest.h>

#include "network/expect_words.h"

namespace sinapse {

namespace {

double mean_of(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

double variance_of(const std::vector<double>& values) {
  const double mean = mean_of(values);
  double sum = 0;
  for (const double value : values) sum += (value - mean) * (value - mean);
  return sum / static_cast<double>(values.size());
}

TEST(Initializer, DrawsTheVarianceOfItsScheme) {
  const Shape shape{120, 80};  // fan_out 120, fan_in 80
  const struct {
    const char* name;
    double variance;
  } schemes[] = {{"glorot_uniform", 2.0 / 200}, {"glorot_normal", 2.0 / 200},
                 {"he_uniform", 2.0 / 80},      {"he_normal", 2.0 / 80},
                 {"lecun_uniform", 1.0 / 80},   {"lecun_normal", 1.0 / 80},
                 {"normal(0.3)", 0.09}};
  for (const auto& [name, variance] : schemes) {
    const auto values = initial_values(name, shape, "dense1.weight", 5);
    ASSERT_EQ(values.size(), 120u * 80);
    EXPECT_NEAR(mean_of(values), 0, 4 * std::sqrt(variance / 9600)) << name;
    EXPECT_NEAR(variance_of(values), variance, 0.06 * variance) << name;
  }
}

TEST(Initializer, UniformStaysInsideItsLimits) {
  const double limit = std::sqrt(6.0 / 200);
  for (const double value : initial_values("glorot_uniform", {120, 80}, "w", 1)) {
    EXPECT_LE(std::abs(value), limit);
  }
}

TEST(Initializer, ConstantsAreConstant) {
  EXPECT_EQ(initial_values("zeros", {3}, "b", 1), (std::vector<double>{0, 0, 0}));
  EXPECT_EQ(initial_values("ones", {2}, "b", 1), (std::vector<double>{1, 1}));
  EXPECT_EQ(initial_values("constant(-0.25)", {2}, "b", 1), (std::vector<double>{-0.25, -0.25}));
}

TEST(Initializer, DependsOnSeedAndNameAlone) {
  const auto draw = [](const char* name, uint64_t seed) {
    return initial_values("he_normal", {4, 4}, name, seed);
  };
  EXPECT_EQ(draw("a", 1), draw("a", 1));
  EXPECT_NE(draw("a", 1), draw("b", 1));
  EXPECT_NE(draw("a", 1), draw("a", 2));
}

TEST(Initializer, SuitsTheActivation) {
  EXPECT_EQ(initializer_for("relu"), "he_normal");
  EXPECT_EQ(initializer_for("leaky_relu(alpha=0.2)"), "he_normal");
  EXPECT_EQ(initializer_for("selu"), "lecun_normal");
  EXPECT_EQ(initializer_for("tanh"), "glorot_uniform");
  EXPECT_EQ(initializer_for("linear"), "glorot_uniform");
}

TEST(Initializer, RefusesWhatItDoesNotKnow) {
  expect_error(ErrorCode::usage, {"he_normall", "he_normal"}, [] { check_initializer("he_normall"); });
  for (const char* text : {"", "constant", "constant()", "constant(x)", "constant(1x)",
                           "constant(nan)", "normal(inf)", "normal(-1)", "constant(1", "zeros(1)"}) {
    EXPECT_THROW(check_initializer(text), Error) << text;
  }
}

}  // namespace

}  // namespace sinapse
