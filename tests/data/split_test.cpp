#include "data/split.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <gtest/gtest.h>

#include "data/expect_error.h"

namespace sinapse {
namespace {

// Every row once, both parts ascending.
void expect_partition(const Split& split, int64_t rows) {
  EXPECT_TRUE(std::is_sorted(split.train.begin(), split.train.end()));
  EXPECT_TRUE(std::is_sorted(split.validation.begin(), split.validation.end()));
  std::vector<int64_t> all, expected(rows);
  std::merge(split.train.begin(), split.train.end(), split.validation.begin(),
             split.validation.end(), std::back_inserter(all));
  std::iota(expected.begin(), expected.end(), 0);
  EXPECT_EQ(all, expected);
}

int64_t count(const std::vector<int64_t>& rows, const std::vector<int32_t>& classes,
              int32_t wanted) {
  return std::count_if(rows.begin(), rows.end(), [&](int64_t r) { return classes[r] == wanted; });
}

TEST(RandomSplit, PutsEveryRowInOnePart) {
  const Split split = random_split(1000, 0.2, 7);
  EXPECT_EQ(split.validation.size(), 200u);
  expect_partition(split, 1000);
}

TEST(RandomSplit, FollowsTheSeed) {
  EXPECT_EQ(random_split(100, 0.2, 7).validation, random_split(100, 0.2, 7).validation);
  EXPECT_NE(random_split(100, 0.2, 7).validation, random_split(100, 0.2, 8).validation);
}

TEST(RandomSplit, LeavesBothPartsARow) {
  EXPECT_EQ(random_split(2, 0.01, 1).validation.size(), 1u);
  EXPECT_EQ(random_split(2, 0.99, 1).train.size(), 1u);
  EXPECT_EQ(random_split(1, 0.5, 1).train.size(), 1u);
  EXPECT_TRUE(random_split(0, 0.5, 1).train.empty());
  EXPECT_TRUE(random_split(10, 0, 1).validation.empty());
}

TEST(RandomSplit, RejectsOtherFractions) {
  for (const double fraction : {-0.1, 1.0, 1.5, std::nan("")})
    message_of(ErrorCode::usage, [&] { random_split(10, fraction, 1); });
}

TEST(StratifiedSplit, KeepsProportions) {
  std::vector<int32_t> classes(1000, 0);
  std::fill(classes.begin() + 900, classes.end(), 5);
  const Split split = stratified_split(classes, 0.1, 3);
  expect_partition(split, 1000);
  EXPECT_EQ(count(split.validation, classes, 0), 90);
  EXPECT_EQ(count(split.validation, classes, 5), 10);
}

TEST(StratifiedSplit, RoundsByLargestRemainders) {
  std::vector<int32_t> classes;  // 13, 14 and 3 rows; a tenth of them is 1.3, 1.4 and 0.3
  for (int i = 0; i < 30; ++i) classes.push_back(i < 13 ? 0 : i < 27 ? 1 : 2);
  const Split split = stratified_split(classes, 0.1, 3);
  EXPECT_EQ(split.validation.size(), 3u);
  EXPECT_EQ(count(split.validation, classes, 1), 2);
  EXPECT_EQ(count(split.validation, classes, 0), 1);
}

TEST(StratifiedSplit, KeepsSingleRowsForTraining) {
  const std::vector<int32_t> classes = {0, 1, 2, 3, 4, 4, 4, 4};
  const Split split = stratified_split(classes, 0.9, 3);
  expect_partition(split, 8);
  for (int32_t c = 0; c < 4; ++c) EXPECT_EQ(count(split.train, classes, c), 1);
  EXPECT_EQ(count(split.train, classes, 4), 1);
}

TEST(StratifiedSplit, PicksRowsAtRandom) {
  const std::vector<int32_t> classes(100, 0);
  EXPECT_NE(stratified_split(classes, 0.2, 1).validation,
            stratified_split(classes, 0.2, 2).validation);
}

}  // namespace
}  // namespace sinapse
