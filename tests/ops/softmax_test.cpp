#include "ops/softmax.h"

#include <limits>
#include <numeric>
#include <vector>

#include <gtest/gtest.h>

namespace {

using namespace sinapse;

using Row = std::vector<double>;
using Function = void (*)(std::span<const double>, std::span<double>);
using Gradient = void (*)(std::span<const double>, std::span<const double>, std::span<double>);

TEST(Softmax, ChapterExample) {
  const Row x = {0.9, 0.4, 0.2};
  Row y(3);
  softmax<double>(x, y);
  EXPECT_NEAR(y[0], 0.47548496, 5e-9);
  EXPECT_NEAR(y[1], 0.2883962, 5e-8);
  EXPECT_NEAR(y[2], 0.23611884, 5e-9);
}

TEST(Softmax, LargeLogitsDoNotOverflow) {
  std::vector<float> x = {1000, 999, -1000};
  softmax<float>(x, x);
  EXPECT_FLOAT_EQ(x[0], 1 / (1 + std::exp(-1.0f)));
  EXPECT_EQ(x[2], 0);
}

TEST(Softmax, NaNComesOut) {
  Row x = {1, std::numeric_limits<double>::quiet_NaN(), 2}, y(3);
  softmax<double>(x, y);
  for (const double value : y) EXPECT_TRUE(std::isnan(value));
}

TEST(LogSoftmax, IsTheLogarithmOfSoftmax) {
  const Row x = {0.9, -700, 0.2};
  Row y(3), log_y(3);
  softmax<double>(x, y);
  log_softmax<double>(x, log_y);
  for (int i = 0; i < 3; ++i) EXPECT_NEAR(log_y[i], std::log(y[i]), 1e-12);
}

/// The gradient of Σ weights·y with respect to x, by central differences.
Row numeric_gradient(Function function, Row x, const Row& weights) {
  constexpr double h = 1e-6;
  Row gradient(x.size()), y(x.size());
  const auto total = [&] {
    function(x, y);
    return std::inner_product(y.begin(), y.end(), weights.begin(), 0.0);
  };
  for (size_t i = 0; i < x.size(); ++i) {
    const double kept = x[i];
    x[i] = kept + h;
    const double above = total();
    x[i] = kept - h;
    gradient[i] = (above - total()) / (2 * h);
    x[i] = kept;
  }
  return gradient;
}

void expect_gradient(Function function, Gradient gradient) {
  const Row x = {0.3, -1.2, 2, 0.7}, dy = {1, -2, 0.5, 3};
  Row y(4), dx(4);
  function(x, y);
  gradient(y, dy, dx);
  const Row expected = numeric_gradient(function, x, dy);
  for (int i = 0; i < 4; ++i) EXPECT_NEAR(dx[i], expected[i], 1e-8);
}

TEST(Softmax, GradientMatchesFiniteDifference) {
  expect_gradient(softmax<double>, softmax_gradient<double>);
}

TEST(LogSoftmax, GradientMatchesFiniteDifference) {
  expect_gradient(log_softmax<double>, log_softmax_gradient<double>);
}

}  // namespace
