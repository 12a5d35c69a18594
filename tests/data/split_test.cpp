#include "data/split.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

#include <gtest/gtest.h>

#include "data/expect_error.h"

namespace sinapse {
namespace {

// Every row once, all parts ascending.
void expect_partition(const Split& split, int64_t rows) {
  EXPECT_TRUE(std::is_sorted(split.train.begin(), split.train.end()));
  EXPECT_TRUE(std::is_sorted(split.validation.begin(), split.validation.end()));
  EXPECT_TRUE(std::is_sorted(split.test.begin(), split.test.end()));
  std::vector<int64_t> all = split.train, expected(rows);
  all.insert(all.end(), split.validation.begin(), split.validation.end());
  all.insert(all.end(), split.test.begin(), split.test.end());
  std::sort(all.begin(), all.end());
  std::iota(expected.begin(), expected.end(), 0);
  EXPECT_EQ(all, expected);
}

int64_t count(const std::vector<int64_t>& rows, const std::vector<int32_t>& classes,
              int32_t wanted) {
  return std::count_if(rows.begin(), rows.end(), [&](int64_t r) { return classes[r] == wanted; });
}

TEST(RandomSplit, PutsEveryRowInOnePart) {
  const Split split = random_split(1000, {0.2}, 7);
  EXPECT_EQ(split.validation.size(), 200u);
  expect_partition(split, 1000);
}

TEST(RandomSplit, TakesOffATestPart) {
  const Split split = random_split(1000, {.validation = 0.2, .test = 0.1}, 7);
  EXPECT_EQ(split.validation, random_split(1000, {0.2}, 7).validation);
  EXPECT_EQ(split.test.size(), 100u);
  expect_partition(split, 1000);
}

TEST(RandomSplit, TakesExactSharesOfVeryManyRows) {
  constexpr int64_t kRows = Rows::kMostListed + 5;
  const Split split = random_split(kRows, {.validation = 0.2, .test = 0.1}, 7);
  EXPECT_EQ(std::ssize(split.validation), std::llround(0.2 * kRows));
  EXPECT_EQ(std::ssize(split.test), std::llround(0.1 * kRows));
  EXPECT_EQ(merged(merged(split.train, split.validation), split.test), Rows::all(kRows));
  int64_t early = 0;
  for (const int64_t row : split.validation) early += row < kRows / 2;
  EXPECT_NEAR(static_cast<double>(early) / (0.2 * kRows), 0.5, 0.005);
}

TEST(DrawSplit, TakesExactlyWhatEachClassIsToGiveAllRowsAlike) {
  const std::vector<int32_t> classes = {0, 1, 0, 0, 1, 0, 0, 1, 0, 1};
  std::vector<int> validation(10), test(10);
  constexpr int kSeeds = 3000;
  for (uint64_t seed = 0; seed < kSeeds; ++seed) {
    const Split split = draw_split(classes, {{0, {6, 2, 1}}, {1, {4, 1, 2}}}, seed);
    expect_partition(split, 10);
    EXPECT_EQ(count(split.validation, classes, 0), 2);
    EXPECT_EQ(count(split.validation, classes, 1), 1);
    EXPECT_EQ(count(split.test, classes, 0), 1);
    EXPECT_EQ(count(split.test, classes, 1), 2);
    for (const int64_t row : split.validation) ++validation[row];
    for (const int64_t row : split.test) ++test[row];
  }
  for (size_t row = 0; row < 10; ++row) {
    EXPECT_NEAR(validation[row], kSeeds * (classes[row] == 0 ? 2.0 / 6 : 1.0 / 4), 130);
    EXPECT_NEAR(test[row], kSeeds * (classes[row] == 0 ? 1.0 / 6 : 2.0 / 4), 130);
  }
}

TEST(SplitInOrder, TakesTheLastRows) {
  const Split split = split_in_order(10, {.validation = 0.2, .test = 0.1});
  EXPECT_EQ(split.train, Rows::all(7));
  EXPECT_EQ(split.validation, (Rows{7, 8}));
  EXPECT_EQ(split.test, Rows{9});
}

TEST(RandomSplit, FollowsTheSeed) {
  EXPECT_EQ(random_split(100, {0.2}, 7).validation, random_split(100, {0.2}, 7).validation);
  EXPECT_NE(random_split(100, {0.2}, 7).validation, random_split(100, {0.2}, 8).validation);
}

TEST(RandomSplit, LeavesBothPartsARow) {
  EXPECT_EQ(random_split(2, {0.01}, 1).validation.size(), 1u);
  EXPECT_EQ(random_split(2, {0.99}, 1).train.size(), 1u);
  EXPECT_EQ(random_split(1, {0.5}, 1).train.size(), 1u);
  EXPECT_TRUE(random_split(0, {0.5}, 1).train.empty());
  EXPECT_TRUE(random_split(10, {0}, 1).validation.empty());
}

TEST(RandomSplit, RejectsOtherFractions) {
  for (const double fraction : {-0.1, 1.0, 1.5, std::nan("")})
    message_of(ErrorCode::usage, [&] { random_split(10, {fraction}, 1); });
  message_of(ErrorCode::usage, [&] { random_split(10, {0.5, 0.5}, 1); });
}

TEST(StratifiedSplit, KeepsProportions) {
  std::vector<int32_t> classes(1000, 0);
  std::fill(classes.begin() + 900, classes.end(), 5);
  const Split split = stratified_split(classes, {0.1}, 3);
  expect_partition(split, 1000);
  EXPECT_EQ(count(split.validation, classes, 0), 90);
  EXPECT_EQ(count(split.validation, classes, 5), 10);
}

TEST(StratifiedSplit, RoundsByLargestRemainders) {
  std::vector<int32_t> classes;  // 13, 14 and 3 rows; a tenth of them is 1.3, 1.4 and 0.3
  for (int i = 0; i < 30; ++i) classes.push_back(i < 13 ? 0 : i < 27 ? 1 : 2);
  const Split split = stratified_split(classes, {0.1}, 3);
  EXPECT_EQ(split.validation.size(), 3u);
  EXPECT_EQ(count(split.validation, classes, 1), 2);
  EXPECT_EQ(count(split.validation, classes, 0), 1);
}

TEST(StratifiedSplit, KeepsSingleRowsForTraining) {
  const std::vector<int32_t> classes = {0, 1, 2, 3, 4, 4, 4, 4};
  const Split split = stratified_split(classes, {0.9}, 3);
  expect_partition(split, 8);
  for (int32_t c = 0; c < 4; ++c) EXPECT_EQ(count(split.train, classes, c), 1);
  EXPECT_EQ(count(split.train, classes, 4), 1);
}

TEST(StratifiedSplit, PicksRowsAtRandom) {
  const std::vector<int32_t> classes(100, 0);
  EXPECT_NE(stratified_split(classes, {0.2}, 1).validation,
            stratified_split(classes, {0.2}, 2).validation);
}

TEST(StratifiedSplit, KeepsProportionsInAllParts) {
  std::vector<int32_t> classes(1000, 0);
  std::fill(classes.begin() + 900, classes.end(), 5);
  const Split split = stratified_split(classes, {.validation = 0.1, .test = 0.2}, 3);
  expect_partition(split, 1000);
  EXPECT_EQ(count(split.validation, classes, 5), 10);
  EXPECT_EQ(count(split.test, classes, 5), 20);
  EXPECT_EQ(count(split.test, classes, 0), 180);
}

// For each part, the values of its rows.
std::vector<std::set<int32_t>> values_of_parts(const Split& split,
                                               const std::vector<int32_t>& values) {
  std::vector<std::set<int32_t>> parts;
  for (const auto* rows : {&split.train, &split.validation, &split.test}) {
    parts.emplace_back();
    for (const int64_t row : *rows) parts.back().insert(values[row]);
  }
  return parts;
}

TEST(GroupedSplit, NoGroupStandsInTwoParts) {
  std::vector<int32_t> groups;
  for (int i = 0; i < 600; ++i) groups.push_back((i * i) % 97);
  for (uint64_t seed = 1; seed <= 20; ++seed) {
    const Split split = grouped_split(groups, {.validation = 0.2, .test = 0.1}, seed);
    expect_partition(split, 600);
    const auto parts = values_of_parts(split, groups);
    const std::set<int32_t> all(groups.begin(), groups.end());
    EXPECT_EQ(parts[0].size() + parts[1].size() + parts[2].size(), all.size());
    EXPECT_NEAR(static_cast<double>(split.validation.size()), 120, 15);
    EXPECT_NEAR(static_cast<double>(split.test.size()), 60, 15);
  }
}

TEST(GroupedSplit, GivesEveryPartAGroup) {
  const std::vector<int32_t> groups = {7, 7, 7, 7, 7, 7, 7, 7, 8, 9};
  for (uint64_t seed = 1; seed <= 10; ++seed) {
    const Split split = grouped_split(groups, {.validation = 0.1, .test = 0.1}, seed);
    expect_partition(split, 10);
    for (const auto& part : values_of_parts(split, groups)) EXPECT_EQ(part.size(), 1u);
  }
  const std::vector<int32_t> one(10, 3);
  message_of(ErrorCode::data, [&] { grouped_split(one, {.validation = 0.1}, 1); });
}

TEST(TimeSplit, TakesTheLastRowsWithEqualTimesTogether) {
  const std::vector<double> times = {5, 1, 9, 2, 7, 7, 3, 4, 8, 0};
  const Split split = split_by_time(times, {.validation = 0.2, .test = 0.2});
  EXPECT_EQ(split.test, (std::vector<int64_t>{2, 8}));
  EXPECT_EQ(split.validation, (std::vector<int64_t>{4, 5}));
  expect_partition(split, 10);
  const std::vector<double> equal(10, 3);
  message_of(ErrorCode::data, [&] { split_by_time(equal, {.validation = 0.1}); });
}

TEST(HashSplit, FollowsTheHashAlone) {
  const std::vector<uint64_t> hashes = {0, ~uint64_t{0}, uint64_t{1} << 63, uint64_t{1} << 60};
  const Split split = split_by_hash(hashes, {.validation = 0.1, .test = 0.1});
  EXPECT_EQ(split.validation, (std::vector<int64_t>{0, 3}));
  EXPECT_EQ(split.test, std::vector<int64_t>{1});
  EXPECT_EQ(split.train, std::vector<int64_t>{2});
}

}  // namespace
}  // namespace sinapse
