#include "data/series.h"

#include <cmath>

#include <gtest/gtest.h>

#include <sinapse/error.h>

#include "data/expect_error.h"
#include "data/table_reader.h"

namespace sinapse {
namespace {

SeriesSet read(const std::string& csv,
               const SeriesColumns& columns = {.time = "t", .target = "y"}) {
  return read_series(parse_table(csv, "s.csv"), columns);
}

void expect_words(const std::string& csv, const std::vector<std::string>& words,
                  const SeriesColumns& columns = {.time = "t", .target = "y"}) {
  try {
    read(csv, columns);
    ADD_FAILURE() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::data);
    for (const std::string& word : words)
      EXPECT_NE(std::string(error.what()).find(word), std::string::npos) << error.what();
  }
}

TEST(Series, ReadsOneSeries) {
  const SeriesSet set = read("t,y\n2024-01-01,1\n2024-02-01,2\n2024-03-01,3.5\n");
  ASSERT_EQ(set.series.size(), 1u);
  EXPECT_EQ(set.step.months, 1);
  EXPECT_EQ(set.series[0].values, (std::vector<double>{1, 2, 3.5}));
  EXPECT_TRUE(set.remarks.empty());
}

TEST(Series, TellsSeriesApartById) {
  const SeriesSet set = read("id,t,y\nb,1,10\na,2,2\nb,2,11\na,1,1\na,3,3\n",
                             {.time = "t", .target = "y", .id = "id"});
  ASSERT_EQ(set.series.size(), 2u);
  EXPECT_EQ(set.series[0].id, "a");
  EXPECT_EQ(set.series[0].values, (std::vector<double>{1, 2, 3}));
  EXPECT_EQ(set.series[1].values, (std::vector<double>{10, 11}));
}

TEST(Series, SortsByTimeWithARemark) {
  const SeriesSet set = read("t,y\n3,30\n1,10\n2,20\n");
  EXPECT_EQ(set.series[0].values, (std::vector<double>{10, 20, 30}));
  EXPECT_EQ(set.series[0].rows, (std::vector<int64_t>{1, 2, 0}));
  ASSERT_EQ(set.remarks.size(), 1u);
}

// Row 4 and the cell of row 2 are missing.
TEST(Series, FillsMissingStepsWithTheLastValueBefore) {
  const SeriesSet set = read("t,y\n0,5\n1,6\n2,\n3,8\n5,9\n");
  const TimeSeries& series = set.series[0];
  EXPECT_EQ(series.filled, (std::vector<double>{5, 6, 6, 8, 8, 9}));
  EXPECT_TRUE(std::isnan(series.values[2]));
  EXPECT_TRUE(std::isnan(series.values[4]));
  EXPECT_EQ(series.rows[4], -1);
  ASSERT_EQ(set.remarks.size(), 1u);
  EXPECT_NE(set.remarks[0].find("2 of 6 steps"), std::string::npos) << set.remarks[0];
}

TEST(Series, StartsAtTheFirstValueAndEndsAtTheLast) {
  const SeriesSet set = read("t,y,price\n0,,1\n1,6,2\n2,7,3\n3,,4\n",
                             {.time = "t", .target = "y", .known = {"price"}});
  const TimeSeries& series = set.series[0];
  EXPECT_EQ(series.start, 1);
  EXPECT_EQ(series.length, 2);
  EXPECT_EQ(series.known[0], (std::vector<double>{2, 3, 4}));
}

TEST(Series, RejectsTwoRowsOfOneTime) {
  expect_words("t,y\n2024-01-01,1\n2024-01-02,2\n2024-01-01,3\n",
               {"s.csv:4", "\"t\"", "2024-01-01", "s.csv:2", "--series"});
}

TEST(Series, RejectsIrregularTimes) {
  expect_words("t,y\n0,1\n2,2\n4,3\n5,4\n7,5\n7.5,6\n8.2,7\n", {"s.csv:8", "\"t\"", "0.5"});
}

TEST(Series, RejectsMissingTimesAndIds) {
  expect_words("t,y\n0,1\n,2\n2,3\n", {"s.csv:3", "\"t\"", "missing"});
  expect_words("id,t,y\na,0,1\n,1,2\na,2,3\n", {"s.csv:3", "\"id\"", "missing"},
               {.time = "t", .target = "y", .id = "id"});
}

TEST(Series, RejectsTextWhereNumbersBelong) {
  expect_words("t,y\nx,1\ny,2\nz,3\n", {"s.csv:2", "\"t\""});
  expect_words("t,y\n1,low\n2,high\n3,low\n", {"s.csv:2", "\"y\""});
}

// 195801 is no date here: from one January to the next there would be 89 missing steps.
TEST(Series, RejectsTimesThatAreMostlyGaps) {
  std::string csv = "t,y\n";
  for (int year = 1958; year < 1968; ++year)
    for (int month = 1; month <= 12; ++month)
      csv += std::to_string(100 * year + month) + "," + std::to_string(month) + "\n";
  expect_words(csv, {"s.csv:121", "\"t\"", "more steps out"});
}

TEST(Series, RejectsASeriesWithoutAValue) {
  expect_words("id,t,y\na,0,1\na,1,2\nb,0,\nb,1,\n", {"s.csv:4", "\"y\"", "\"b\""},
               {.time = "t", .target = "y", .id = "id"});
}

}  // namespace
}  // namespace sinapse
