#include "report/column_summary.h"

#include <cmath>
#include <numeric>

#include <gtest/gtest.h>

namespace sinapse {

namespace {

TEST(ColumnSummary, CountsNumbersAndMissingCells) {
  const Column column{
      .name = "x", .kind = ColumnKind::number, .numbers = {1, 2, 3, std::nan(""), 4}};
  const ColumnSummary summary = summarize(column, 1000, false);
  EXPECT_EQ(summary.rows, 5);
  EXPECT_EQ(summary.missing, 1);
  EXPECT_EQ(summary.low, 1);
  EXPECT_EQ(summary.high, 4);
  EXPECT_EQ(summary.mean, 2.5);
  EXPECT_NEAR(summary.deviation, std::sqrt(1.25), 1e-12);
  EXPECT_EQ(std::accumulate(summary.bars.begin(), summary.bars.end(), 0.0), 4);
}

TEST(ColumnSummary, OrdersCategoriesByFrequency) {
  const Column column{.name = "x",
                      .kind = ColumnKind::category,
                      .codes = {0, 1, 1, -1, 2, 1, 2},
                      .categories = {"a", "b", "c", "never"}};
  const ColumnSummary summary = summarize(column, 1000, false);
  EXPECT_EQ(summary.missing, 1);
  EXPECT_EQ(summary.distinct, 3);
  const std::vector<std::pair<std::string, int64_t>> expected{{"b", 3}, {"c", 2}, {"a", 1}};
  EXPECT_EQ(summary.frequent, expected);
}

TEST(ColumnSummary, LooksAtSomeRowsOfMany) {
  Column column{.name = "x", .kind = ColumnKind::number};
  for (int i = 0; i < 10000; ++i) column.numbers.push_back(i);
  const ColumnSummary spread = summarize(column, 100, false), first = summarize(column, 100, true);
  EXPECT_EQ(spread.rows, 100);
  EXPECT_EQ(spread.high, 9900);
  EXPECT_EQ(first.rows, 100);
  EXPECT_EQ(first.high, 99);
}

TEST(ColumnSummary, OneValueAndNoneAreNoTrouble) {
  EXPECT_EQ(summarize({.name = "x", .kind = ColumnKind::number, .numbers = {7, 7}}, 10, false).high,
            7);
  EXPECT_TRUE(
      summarize({.name = "x", .kind = ColumnKind::number, .numbers = {std::nan("")}}, 10, false)
          .bars.empty());
}

}  // namespace

}  // namespace sinapse
