#include "data/rows.h"

#include <algorithm>

#include <gtest/gtest.h>

namespace sinapse {
namespace {

/// Every row of which n mod 7 is one of some numbers; listed up to `most_listed`.
Rows some_rows(int64_t most_listed, std::vector<int64_t>& list, int64_t count = 5000) {
  Rows rows;
  list.clear();
  for (int64_t row = 0; row < count; ++row) {
    if (row % 7 == 3 || row % 7 == 4 || (row > 2000 && row < 4200)) continue;
    rows.push_back(row, most_listed);
    list.push_back(row);
  }
  return rows;
}

TEST(Rows, AreTheSameListedAndMarked) {
  std::vector<int64_t> list;
  const Rows listed = some_rows(1 << 20, list), marked = some_rows(10, list);
  EXPECT_EQ(listed, marked);
  EXPECT_EQ(std::vector<int64_t>(marked), list);
  EXPECT_EQ(marked.size(), list.size());
  EXPECT_NE(marked, Rows(std::vector<int64_t>(list.begin() + 1, list.end())));
}

TEST(Rows, TellEachPlaceOfMarkedRows) {
  std::vector<int64_t> list;
  for (const Rows& rows : {some_rows(1 << 20, list), some_rows(10, list)}) {
    for (size_t i = 0; i < list.size(); ++i) {
      ASSERT_EQ(rows[i], list[i]);
      ASSERT_EQ(rows.place_of(list[i]), static_cast<int64_t>(i));
    }
    for (int64_t row = 0; row < 6000; ++row) {
      const auto place = std::lower_bound(list.begin(), list.end(), row);
      ASSERT_EQ(rows.place_of(row), place - list.begin()) << row;
      ASSERT_EQ(rows.contains(row), place != list.end() && *place == row) << row;
    }
  }
}

TEST(Rows, MayBeARangeThatEnds) {
  std::vector<int64_t> list;
  Rows rows;
  for (int64_t row = 5; row < 3000; row += row < 2000 ? 1 : 3) {
    if (row == 1500) {
      EXPECT_EQ(rows, Rows(list));
      for (const int64_t place : {0, 100, 1494}) EXPECT_EQ(rows[place], 5 + place);
      EXPECT_EQ(rows.place_of(1), 0);
      EXPECT_EQ(rows.place_of(700), 695);
      EXPECT_EQ(rows.place_of(5000), 1495);
      EXPECT_TRUE(rows.contains(1499) && !rows.contains(1500) && !rows.contains(4));
    }
    rows.push_back(row, /*most_listed=*/10);
    list.push_back(row);
  }
  EXPECT_EQ(rows, Rows(list));
}

TEST(Rows, AreCopiedAsTheyAre) {
  std::vector<int64_t> list;
  Rows rows = some_rows(10, list);
  const Rows before = rows;
  rows.push_back(100'000, 10);
  EXPECT_EQ(std::vector<int64_t>(before), list);
  EXPECT_EQ(rows.size(), before.size() + 1);
}

TEST(Rows, MayBeEmptyOrAListInAnyOrder) {
  EXPECT_TRUE(Rows().empty());
  EXPECT_EQ(Rows().begin(), Rows().end());
  const Rows any = {5, 2, 9};
  EXPECT_EQ(std::vector<int64_t>(any), (std::vector<int64_t>{5, 2, 9}));
  EXPECT_EQ(any[1], 2);
}

TEST(Rows, AreMergedInRisingOrder) {
  EXPECT_EQ(merged({1, 4, 9}, {0, 5}), (Rows{0, 1, 4, 5, 9}));
  EXPECT_EQ(merged({}, {3}), Rows{3});
}

TEST(Rows, MayBeAllOfATable) {
  const Rows rows = Rows::all(Rows::kMostListed + 100);
  EXPECT_EQ(std::ssize(rows), Rows::kMostListed + 100);
  EXPECT_EQ(rows[Rows::kMostListed + 99], Rows::kMostListed + 99);
  EXPECT_TRUE(std::is_sorted(rows.begin(), rows.end()));
}

}  // namespace
}  // namespace sinapse
