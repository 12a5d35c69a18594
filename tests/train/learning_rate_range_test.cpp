// The learning-rate range test.
#include "train/learning_rate_range.h"

#include <cmath>

#include <gtest/gtest.h>

#include <sinapse/learning_rate_range.h>

#include "data/expect_error.h"

namespace sinapse {

namespace {

Column numbers(const std::string& name, int64_t rows, double (*f)(int64_t)) {
  Column column{.name = name, .kind = ColumnKind::number};
  for (int64_t r = 0; r < rows; ++r) column.numbers.push_back(f(r));
  return column;
}

Table curve() {
  return Table({numbers("x", 400, [](int64_t r) { return std::sin(0.7 * r); }),
                numbers("y", 400, [](int64_t r) { return std::sin(2 * std::sin(0.7 * r)); })});
}

RunOptions options(const std::string& optimizer = "sgd") {
  RunOptions run;
  run.data.target = "y";
  run.network.hidden = {16};
  run.training.optimizer = optimizer;
  run.training.threads = 1;
  return run;
}

TEST(LearningRateRange, EndsWhereLearningBreaksDownAndSuggestsLess) {
  const LearningRateRange range =
      test_learning_rates(curve(), options(), {.from = 1e-4, .to = 1000});
  EXPECT_TRUE(range.broke_down);
  EXPECT_LT(range.points.size(), 200u);
  EXPECT_GT(range.suggested, 1e-3);
  EXPECT_LT(range.suggested, range.lowest);
  EXPECT_LT(range.lowest, range.points.back().learning_rate);
  EXPECT_DOUBLE_EQ(range.points.front().learning_rate, 1e-4);
  EXPECT_EQ(range.points.front().loss, range.points.front().smoothed_loss);
}

TEST(LearningRateRange, RatesGrowByOneFactorUpToTheLast) {
  const LearningRateRange range =
      test_learning_rates(curve(), options(), {.from = 1e-6, .to = 1e-2, .steps = 41});
  ASSERT_EQ(range.points.size(), 41u);
  EXPECT_FALSE(range.broke_down);
  EXPECT_NEAR(range.points[10].learning_rate, 1e-5, 1e-15);
  EXPECT_NEAR(range.points.back().learning_rate, 1e-2, 1e-12);
}

TEST(LearningRateRange, SameBitsOnAnyNumberOfThreads) {
  RunOptions run = options("adam");
  const LearningRateRange one = test_learning_rates(curve(), run);
  for (const int threads : {2, 3, 8}) {
    run.training.threads = threads;
    const LearningRateRange many = test_learning_rates(curve(), run);
    ASSERT_EQ(many.points.size(), one.points.size());
    for (size_t i = 0; i < one.points.size(); ++i) {
      ASSERT_EQ(many.points[i].loss, one.points[i].loss);
    }
    EXPECT_EQ(many.suggested, one.suggested);
  }
}

TEST(LearningRateRange, SuggestsTheSteepestFallBeforeTheLowestLoss) {
  LearningRateRange range;
  for (int i = 0; i < 100; ++i) {  // falls fastest at 40, is lowest at 60
    const double loss = i <= 60 ? -std::tanh((i - 40) / 8.0) : 10.0;
    range.points.push_back({static_cast<double>(i), loss, loss});
  }
  judge(range);
  EXPECT_EQ(range.suggested, 40);
  EXPECT_EQ(range.lowest, 60);
}

TEST(LearningRateRange, RefusesWhatIsNoRange) {
  const auto message = [](const RunOptions& run, const LearningRateRangeOptions& range) {
    return message_of(ErrorCode::usage, [&] { test_learning_rates(curve(), run, range); });
  };
  EXPECT_NE(message(options(), {.from = 1, .to = 0.1}).find("from 1 to 0.1"), std::string::npos);
  EXPECT_NE(message(options(), {.steps = 3}).find("3"), std::string::npos);
  EXPECT_NE(message(options(), {.smoothing = 1}).find("smoothing"), std::string::npos);
  EXPECT_NE(message(options("lbfgs"), {}).find("lbfgs"), std::string::npos);
}

}  // namespace

}  // namespace sinapse
