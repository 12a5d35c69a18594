#include "data/time_step.h"

#include <gtest/gtest.h>

#include "data/date.h"

namespace sinapse {
namespace {

double day(const std::string& text) {
  return *parse_date(text, "%Y-%m-%d");
}

TimeStep step_of(const std::vector<std::string>& days) {
  std::vector<std::vector<double>> times(1);
  for (const std::string& text : days) times[0].push_back(day(text));
  return find_time_step(times, true);
}

TEST(TimeStep, FirstDaysOfMonthsAreMonthsApart) {
  const TimeStep step = step_of({"2024-01-01", "2024-02-01", "2024-05-01"});
  EXPECT_EQ(step.months, 1);
  EXPECT_EQ(step.after(day("2024-01-01"), 14), day("2025-03-01"));
  EXPECT_EQ(step.after(day("2024-01-01"), -1), day("2023-12-01"));
  EXPECT_EQ(step.between(day("2024-01-01"), day("2025-03-01")), 14);
  EXPECT_EQ(step.between(day("2024-01-01"), day("2024-03-02")), std::nullopt);
}

TEST(TimeStep, LastDaysOfMonthsStayTheLast) {
  const TimeStep step = step_of({"2023-11-30", "2023-12-31", "2024-01-31", "2024-02-29"});
  EXPECT_EQ(step.months, 1);
  EXPECT_EQ(step.after(day("2023-11-30"), 3), day("2024-02-29"));
  EXPECT_EQ(step.after(day("2023-11-30"), 4), day("2024-03-31"));
}

TEST(TimeStep, QuartersAndYearsAreMonths) {
  EXPECT_EQ(step_of({"2024-01-15", "2024-04-15", "2024-10-15"}).months, 3);
  EXPECT_EQ(step_of({"2000-07-01", "2001-07-01", "2004-07-01"}).to_text(), "1 year");
}

TEST(TimeStep, OtherDatesAreAFixedTimeApart) {
  const TimeStep step = step_of({"2024-01-01", "2024-01-08", "2024-01-29"});
  EXPECT_EQ(step.months, 0);
  EXPECT_EQ(step.to_text(), "7 days");
  EXPECT_EQ(step.between(day("2024-01-01"), day("2024-01-29")), 4);
  EXPECT_EQ(step.between(day("2024-01-01"), day("2024-01-30")), std::nullopt);
}

TEST(TimeStep, NumbersForgiveRounding) {
  const std::vector<std::vector<double>> times{{0.1, 0.2, 0.30000000000000004, 0.7}};
  const TimeStep step = find_time_step(times, false);
  EXPECT_EQ(step.between(0.1, 0.7), 6);
  EXPECT_EQ(step.between(0.1, 0.75), std::nullopt);
}

}  // namespace
}  // namespace sinapse
