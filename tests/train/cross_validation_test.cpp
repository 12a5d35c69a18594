#include <cmath>

#include <gtest/gtest.h>

#include <sinapse/cross_validation.h>

#include "data/expect_error.h"
#include "data/table_reader.h"
#include "end_to_end/tables.h"

namespace sinapse {

namespace {

RunOptions quick(const std::string& target) {
  RunOptions options;
  options.data.target = target;
  options.network.hidden = {4};
  options.training.epochs = 2;
  options.training.threads = 1;
  return options;
}

TEST(CrossValidation, JudgesEveryRowOnceARepeat) {
  const Table table = parse_table(mixed_csv(3), "t.csv");
  const CrossValidation result = cross_validate(table, quick("class"), {.folds = 4, .repeats = 2});
  ASSERT_EQ(result.folds.size(), 8u);
  for (const FoldResult& fold : result.folds) {
    EXPECT_EQ(fold.training_rows + fold.validation_rows + fold.test_rows, 240);
    EXPECT_EQ(fold.test_rows, 60);
    EXPECT_EQ(fold.validation_rows, 18);
  }
  EXPECT_NE(result.folds[0].metrics, result.folds[4].metrics) << "repeats have other folds";
  EXPECT_EQ(result.metrics.at("accuracy").count, 8);
}

TEST(CrossValidation, IsDeterministic) {
  const Table table = parse_table(regression_csv(60), "t.csv");
  RunOptions options = quick("y");
  const CrossValidation one = cross_validate(table, options, {.folds = 3});
  options.training.threads = 3;
  const CrossValidation three = cross_validate(table, options, {.folds = 3});
  for (size_t i = 0; i < 3; ++i) EXPECT_EQ(one.folds[i].metrics, three.folds[i].metrics);
}

TEST(CrossValidation, SummaryIsTheCorrectedInterval) {
  std::vector<FoldResult> folds;
  for (const double value : {1.0, 2.0, 3.0, 6.0}) {
    folds.push_back(
        {.training_rows = 70, .validation_rows = 5, .test_rows = 25, .metrics = {{"mae", value}}});
  }
  folds[0].metrics["rare"] = 1;
  const auto summary = summarize(folds, 0.95);
  const MetricSummary& mae = summary.at("mae");
  EXPECT_DOUBLE_EQ(mae.mean, 3);
  EXPECT_DOUBLE_EQ(mae.deviation, std::sqrt(14.0 / 3));
  // t(0.975, 3) = 3.182446; 1/4 + 25/75
  const double half = 3.182446305283712 * std::sqrt(7.0 / 12) * std::sqrt(14.0 / 3);
  EXPECT_NEAR(mae.interval->low, 3 - half, 1e-9);
  EXPECT_NEAR(mae.interval->high, 3 + half, 1e-9);
  EXPECT_EQ(summary.at("rare").count, 1);
  EXPECT_FALSE(summary.at("rare").interval);
}

TEST(CrossValidation, TellsEachOfSeveralTargets) {
  const Table table = parse_table(regression_csv(60), "t.csv");
  const CrossValidation result = cross_validate(table, quick("y,a"), {.folds = 3});
  ASSERT_EQ(result.targets.size(), 2u);
  for (const FoldResult& fold : result.folds) {
    EXPECT_DOUBLE_EQ(fold.metrics.at("mae"),
                     (fold.targets.at("y").at("mae") + fold.targets.at("a").at("mae")) / 2);
  }
  EXPECT_NEAR(result.metrics.at("mae").mean,
              (result.targets.at("y").at("mae").mean + result.targets.at("a").at("mae").mean) / 2,
              1e-12);
  EXPECT_TRUE(result.targets.at("a").at("mae").interval);
  EXPECT_TRUE(cross_validate(table, quick("y"), {.folds = 2}).targets.empty());
}

TEST(CrossValidation, RejectsAnotherTestPart) {
  const Table table = parse_table(regression_csv(60), "t.csv");
  RunOptions options = quick("y");
  options.data.test_split = 0.1;
  message_of(ErrorCode::usage, [&] { cross_validate(table, options); });
  options.data.test_split = 0;
  options.data.time = "a";
  const std::string message = message_of(ErrorCode::usage, [&] { cross_validate(table, options); });
  EXPECT_NE(message.find("time"), std::string::npos);
  options.data.time = "";
  message_of(ErrorCode::usage, [&] { cross_validate(table, options, {.folds = 100}); });
  message_of(ErrorCode::usage, [&] { cross_validate(table, options, {.repeats = 0}); });
}

}  // namespace

}  // namespace sinapse
