#include "data/row_set.h"

#include <gtest/gtest.h>

namespace sinapse {
namespace {

std::vector<int64_t> rows_of(const RowSet& set) {
  std::vector<int64_t> rows;
  for (const int64_t row : set) rows.push_back(row);
  return rows;
}

TEST(RowSet, GivesRowsOfAList) {
  const std::vector<int64_t> rows = {2, 3, 7};
  EXPECT_EQ(rows_of(rows), rows);
  EXPECT_EQ(RowSet(rows).size(), 3);
}

TEST(RowSet, GivesMarkedRows) {
  const std::vector<uint8_t> marks = {1, 0, 2, 2, 0, 2};
  EXPECT_EQ(rows_of({marks, 2}), (std::vector<int64_t>{2, 3, 5}));
  EXPECT_EQ(rows_of({marks, 1}), (std::vector<int64_t>{0}));
  EXPECT_EQ(RowSet(marks, 0).size(), 2);
}

TEST(RowSet, MayBeEmpty) {
  const std::vector<uint8_t> marks = {1, 1};
  EXPECT_TRUE(RowSet().empty());
  EXPECT_TRUE(rows_of({}).empty());
  EXPECT_TRUE(RowSet(marks, 3).empty());
  EXPECT_TRUE(rows_of({marks, 3}).empty());
}

}  // namespace
}  // namespace sinapse
