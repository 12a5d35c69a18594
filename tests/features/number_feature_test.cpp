#include "features/number_feature.h"

#include <gtest/gtest.h>

#include "features/columns.h"
#include "features/scaling.h"

namespace sinapse {
namespace {

std::optional<NumberFeature> fit(const std::vector<double>& numbers,
                                 std::string* remark = nullptr) {
  std::string own;
  return fit_number(number_column("x", numbers), all_rows(static_cast<int64_t>(numbers.size())),
                    parse_scaling("standard"), remark ? *remark : own);
}

TEST(NumberFeature, StandardisesByMeanAndPopulationDeviation) {
  const auto feature = fit({2, 4, 4, 4, 5, 5, 7, 9});  // mean 5, deviation 2
  ASSERT_TRUE(feature);
  EXPECT_FLOAT_EQ((*feature)(9), 2);
  EXPECT_FLOAT_EQ((*feature)(5), 0);
  EXPECT_FALSE(feature->marks_missing);
  EXPECT_FALSE(feature->wide);
}

TEST(NumberFeature, MarksMissingCellsOnlyIfTrainingHasSome) {
  EXPECT_TRUE(fit({1, 2, kMissing})->marks_missing);
  EXPECT_EQ(fit({1, 2, kMissing})->width(), 2);
  EXPECT_EQ(fit({1, 2, 3})->width(), 1);
}

TEST(NumberFeature, MissingAndInfiniteCellsDoNotMoveTheMean) {
  const auto feature = fit({1, kMissing, 3, std::numeric_limits<double>::infinity()});
  EXPECT_DOUBLE_EQ(feature->mean, 2);
  EXPECT_DOUBLE_EQ(feature->scale, 1);
}

TEST(NumberFeature, MissingInfiniteAndOverflowingCellsCountAsMissing) {
  const auto feature = fit({1, 3});
  for (const double x : {kMissing, HUGE_VAL, -HUGE_VAL, 1e300, -1e39})
    EXPECT_TRUE(std::isnan((*feature)(x))) << x;
}

TEST(NumberFeature, KeepsSmallDifferencesFarFromZero) {
  const auto feature = fit({1.7e9, 1.7e9 + 1, 1.7e9 + 2});  // floats here are 128 apart
  EXPECT_TRUE(feature->wide);
  EXPECT_NEAR((*feature)(1.7e9 + 2), std::sqrt(1.5), 1e-6);
  EXPECT_NEAR((*feature)(1.7e9), -std::sqrt(1.5), 1e-6);
}

TEST(NumberFeature, HandlesValuesOutsideTheRangeOfFloat) {
  const auto feature = fit({1e100, 3e100});
  EXPECT_TRUE(feature->wide);
  EXPECT_FLOAT_EQ((*feature)(3e100), 1);
  EXPECT_FLOAT_EQ((*fit({1e-60, 3e-60}))(3e-60), 1);
}

TEST(NumberFeature, LeavesOutConstantColumns) {
  std::string remark;
  EXPECT_FALSE(fit({7, 7, 7}, &remark));
  EXPECT_EQ(remark, "every training row has the same value, 7");
}

TEST(NumberFeature, KeepsTheMarkOfAConstantColumnWithMissingCells) {
  const auto feature = fit({7, kMissing, 7});
  ASSERT_TRUE(feature);
  EXPECT_FALSE(feature->varies);
  EXPECT_EQ(feature->width(), 1);
}

TEST(NumberFeature, LeavesOutColumnsWithoutCells) {
  std::string remark;
  EXPECT_FALSE(fit({kMissing, kMissing}, &remark));
  EXPECT_EQ(remark, "every training row lacks it");
}

TEST(NumberFeature, LeavesOutWhatTheArithmeticCannotHold) {
  std::string remark;
  EXPECT_FALSE(fit({-1.7e308, 1.7e308}, &remark));
  EXPECT_NE(remark.find("leave the range"), std::string::npos);
}

TEST(Moments, AreExactFarFromZero) {
  Moments moments;
  for (const double x : {1e15 + 1, 1e15 + 2, 1e15 + 3}) moments.add(x);
  EXPECT_DOUBLE_EQ(moments.mean(), 1e15 + 2);
  EXPECT_NEAR(moments.deviation(), std::sqrt(2.0 / 3), 1e-12);
}

}  // namespace
}  // namespace sinapse
