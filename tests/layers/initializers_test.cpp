#include <sinapse/initializer.h>

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
                 {"normal(0.3)", 0.09},         {"uniform(-0.3,0.3)", 0.03},
                 {"var_scaling_uniform_fan_out", 1.0 / 120},
                 {"var_scaling_uniform_fan_avg", 1.0 / 100},
                 {"var_scaling_normal_fan_in", 1.0 / 80},
                 {"var_scaling_normal_fan_out", 1.0 / 120},
                 {"var_scaling_normal_fan_avg", 1.0 / 100},
                 {"sigmoid_uniform", 32.0 / 200},  // limit 4 sqrt(6 / 200)
                 {"xavier_legacy", 1.0 / 200},  {"he_normal(scale=3)", 6.0 / 80}};
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
  EXPECT_EQ(initial_values("zero", {2}, "b", 1), (std::vector<double>{0, 0}));
  EXPECT_EQ(initial_values("constant(-0.25)", {2}, "b", 1), (std::vector<double>{-0.25, -0.25}));
}

TEST(Initializer, ParametersMoveTheDistribution) {
  const auto normal = initial_values("normal(deviation=0.1,mean=3)", {100, 100}, "w", 1);
  EXPECT_NEAR(mean_of(normal), 3, 0.01);
  EXPECT_NEAR(variance_of(normal), 0.01, 0.001);
  const auto uniform = initial_values("uniform(minimum=2,maximum=5)", {100, 100}, "w", 1);
  EXPECT_NEAR(mean_of(uniform), 3.5, 0.05);
  for (const double value : uniform) EXPECT_TRUE(value >= 2 && value < 5) << value;
}

TEST(Initializer, TruncatedNormalStaysWithinTwoDeviations) {
  const auto values = initial_values("truncated_normal(deviation=0.1,mean=1)", {100, 100}, "w", 1);
  for (const double value : values) EXPECT_LE(std::abs(value - 1), 0.2);
  EXPECT_NEAR(variance_of(values), 0.01 * 0.7737, 0.0003);
}

TEST(Initializer, IdentityHasADiagonal) {
  EXPECT_EQ(initial_values("identity", {2, 2}, "w", 1), (std::vector<double>{1, 0, 0, 1}));
  EXPECT_EQ(initial_values("identity(gain=2)", {2, 3}, "w", 1),
            (std::vector<double>{2, 0, 0, 0, 2, 0}));
  EXPECT_EQ(initial_values("identity", {3, 2}, "w", 1), (std::vector<double>{1, 0, 0, 1, 0, 0}));
  expect_error(ErrorCode::model, {"identity", "[3]"},
               [] { initial_values("identity", {3}, "b", 1); });
}

// The smaller side of the matrix is orthonormal, to rounding errors, also where it is large.
TEST(Initializer, OrthogonalIsOrthogonal) {
  for (const Shape& shape : {Shape{3, 5}, Shape{5, 3}, Shape{1, 7}, Shape{7}, Shape{150, 150}}) {
    const auto values = initial_values("orthogonal(gain=3)", shape, "w", 1);
    const int64_t rows = shape[0], columns = static_cast<int64_t>(values.size()) / rows;
    const int64_t vectors = std::min(rows, columns), length = std::max(rows, columns);
    const auto at = [&](int64_t vector, int64_t i) {
      return rows <= columns ? values[vector * columns + i] : values[i * columns + vector];
    };
    for (int64_t a = 0; a < vectors; ++a) {
      for (int64_t b = 0; b <= a; ++b) {
        double product = 0;
        for (int64_t i = 0; i < length; ++i) product += at(a, i) * at(b, i);
        ASSERT_NEAR(product, a == b ? 9 : 0, 1e-12) << to_string(shape) << a << ", " << b;
      }
    }
  }
}

TEST(Initializer, NamesOfDeeplearning4jAreKnown) {
  const auto same = [](const char* a, const char* b) {
    EXPECT_EQ(initial_values(a, {6, 4}, "w", 1), initial_values(b, {6, 4}, "w", 1)) << a;
  };
  same("XAVIER", "glorot_normal");
  same("XAVIER_UNIFORM", "glorot_uniform");
  same("XAVIER_FAN_IN", "lecun_normal");
  same("RELU", "he_normal");
  same("RELU_UNIFORM", "he_uniform");
  for (const char* name : {"ZERO", "ONES", "IDENTITY", "SIGMOID_UNIFORM", "LECUN_NORMAL",
                           "LECUN_UNIFORM", "NORMAL", "UNIFORM", "VAR_SCALING_UNIFORM_FAN_IN"}) {
    check_initializer(name, {2, 2});
  }
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
  expect_error(ErrorCode::usage, {"he_normall", "he_normal"},
               [] { check_initializer("he_normall", {2}); });
  expect_error(ErrorCode::usage, {"uniform", "3", "2"},
               [] { check_initializer("uniform(3,2)", {2}); });
  for (const char* text : {"", "constant(x)", "constant(1x)", "constant(nan)", "normal(inf)",
                           "normal(-1)", "constant(1", "zeros(1)"}) {
    EXPECT_THROW(check_initializer(text, {2}), Error) << text;
  }
}

}  // namespace

}  // namespace sinapse
