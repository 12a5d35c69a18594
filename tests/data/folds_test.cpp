#include "data/folds.h"

#include <algorithm>
#include <numeric>
#include <set>

#include <gtest/gtest.h>

#include "data/expect_error.h"

namespace sinapse {
namespace {

using Folds = std::vector<std::vector<int64_t>>;

void expect_every_row_once(const Folds& folds, int64_t rows) {
  std::vector<int64_t> all, expected(rows);
  for (const auto& fold : folds) {
    EXPECT_TRUE(std::is_sorted(fold.begin(), fold.end()));
    all.insert(all.end(), fold.begin(), fold.end());
  }
  std::sort(all.begin(), all.end());
  std::iota(expected.begin(), expected.end(), 0);
  EXPECT_EQ(all, expected);
}

TEST(Folds, DifferByOneRowAtMost) {
  const Folds folds = random_folds(103, 5, 1);
  ASSERT_EQ(folds.size(), 5u);
  expect_every_row_once(folds, 103);
  for (const auto& fold : folds) EXPECT_TRUE(fold.size() == 20 || fold.size() == 21);
  EXPECT_EQ(folds, random_folds(103, 5, 1));
  EXPECT_NE(folds, random_folds(103, 5, 2));
}

TEST(Folds, SpreadEveryClass) {
  std::vector<int32_t> classes(100);
  for (int i = 0; i < 100; ++i) classes[i] = i < 12 ? 3 : i < 50 ? 1 : 0;
  const Folds folds = stratified_folds(classes, 5, 1);
  expect_every_row_once(folds, 100);
  for (const auto& fold : folds) {
    const auto rare = std::count_if(fold.begin(), fold.end(), [](int64_t row) { return row < 12; });
    EXPECT_TRUE(rare == 2 || rare == 3) << rare;
    EXPECT_EQ(fold.size(), 20u);
  }
}

TEST(Folds, KeepGroupsTogether) {
  std::vector<int32_t> groups;
  for (int i = 0; i < 300; ++i) groups.push_back((i * i) % 31);
  const Folds folds = grouped_folds(groups, 4, 1);
  expect_every_row_once(folds, 300);
  std::set<int32_t> seen;
  for (const auto& fold : folds) {
    std::set<int32_t> inside;
    for (const int64_t row : fold) inside.insert(groups[row]);
    for (const int32_t group : inside) EXPECT_TRUE(seen.insert(group).second) << group;
    EXPECT_NEAR(static_cast<double>(fold.size()), 75, 15);
  }
}

TEST(Folds, NeedEnoughRowsAndGroups) {
  message_of(ErrorCode::usage, [] { random_folds(3, 4, 1); });
  message_of(ErrorCode::usage, [] { random_folds(3, 1, 1); });
  message_of(ErrorCode::usage, [] { grouped_folds(std::vector<int32_t>{1, 1, 2}, 3, 1); });
}

}  // namespace
}  // namespace sinapse
