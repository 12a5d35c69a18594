#include "figures/activation_figures.h"

#include <cmath>

#include <gtest/gtest.h>

#include "network/expect_words.h"

namespace sinapse {

namespace {

double at(const Series& series, double x) {
  size_t nearest = 0;
  for (size_t i = 0; i < series.x.size(); ++i) {
    if (std::abs(series.x[i] - x) < std::abs(series.x[nearest] - x)) nearest = i;
  }
  return series.y[nearest];
}

TEST(ActivationChart, CurvesHaveTheFunctionsValues) {
  const Chart chart = activation_chart({parse_activation("tanh")}, {-3, 3}, false);
  ASSERT_EQ(chart.series.size(), 1u);
  EXPECT_NEAR(at(chart.series[0], 1), std::tanh(1.0), 1e-12);
}

TEST(ActivationChart, DerivativesAreDerivatives) {
  const Chart chart = activation_chart({parse_activation("sigmoid")}, {-6, 6}, true);
  EXPECT_NEAR(at(chart.series[0], 0), 0.25, 1e-12);
}

TEST(ActivationChart, SoftmaxIsThatOfAScoreBesideZero) {
  const Chart chart = activation_chart({parse_activation("softmax")}, {-6, 6}, false);
  EXPECT_NEAR(at(chart.series[0], 0), 0.5, 1e-12);
  EXPECT_NEAR(at(chart.series[0], 2), std::exp(2) / (std::exp(2) + 1), 1e-12);
}

TEST(ActivationChart, OneSteepCurveDoesNotFlattenTheOthers) {
  const Chart chart = activation_chart(
      {parse_activation("cube"), parse_activation("tanh"), parse_activation("sigmoid")}, {-6, 6},
      false);
  ASSERT_TRUE(chart.y_range);
  EXPECT_LE(chart.y_range->high, 3);
}

TEST(ActivationChart, OfEqualCurvesTheSecondIsDashed) {
  const Chart chart = activation_chart(
      {parse_activation("sigmoid"), parse_activation("tanh"), parse_activation("softmax")}, {-6, 6},
      false);
  EXPECT_EQ(chart.series[0].style, Series::Style::line);
  EXPECT_EQ(chart.series[1].style, Series::Style::line);
  EXPECT_EQ(chart.series[2].style, Series::Style::dashed);
}

TEST(ActivationChart, RejectsAnEmptyRange) {
  expect_error(ErrorCode::usage, {"range", "3,-3"}, [] {
    activation_chart({parse_activation("tanh")}, {3, -3}, false);
  });
}

TEST(NeuronChart, HasACurveForEveryWeightAndBias) {  // the chapter's two figures
  const Chart weights = neuron_chart(parse_activation("sigmoid"), {0.5, 1, 1.5, 2}, {0}, {-6, 6});
  ASSERT_EQ(weights.series.size(), 4u);
  for (const Series& series : weights.series) EXPECT_NEAR(at(series, 0), 0.5, 1e-12);
  const Chart biases = neuron_chart(parse_activation("sigmoid"), {1}, {1, 0.5, 1.5, 2}, {-6, 6});
  EXPECT_NEAR(at(biases.series[0], 0), 1 / (1 + std::exp(-1)), 1e-12);
}

TEST(VanishingChart, MultipliesTheDerivatives) {
  const Chart chart =
      vanishing_chart({parse_activation("relu"), parse_activation("sigmoid")}, 3, 1);
  EXPECT_EQ(chart.series[0].y, (std::vector<double>{1, 1, 1}));
  const double first = 1 / (1 + std::exp(-1)), second = 1 / (1 + std::exp(-first));
  EXPECT_NEAR(chart.series[1].y[1], first * (1 - first) * second * (1 - second), 1e-12);
  EXPECT_LT(chart.series[1].y[2], std::pow(0.25, 3));
}

}  // namespace

}  // namespace sinapse
