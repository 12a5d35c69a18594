#include "figures/date_ticks.h"

#include <gtest/gtest.h>

namespace sinapse {

namespace {

constexpr double kDay = 86400;

std::vector<std::string> labels(double low, double high, int count) {
  std::vector<std::string> all;
  double before = low - 1;
  for (const Tick& tick : date_ticks({low, high}, count)) {
    EXPECT_GE(tick.value, low);
    EXPECT_LE(tick.value, high);
    EXPECT_GT(tick.value, before);
    before = tick.value;
    all.push_back(tick.label);
  }
  EXPECT_LE(all.size(), static_cast<size_t>(count) + 1);
  return all;
}

using Labels = std::vector<std::string>;

TEST(DateTicks, AreRoundDates) {
  const double begin = 18262 * kDay;  // 2020-01-01, a Wednesday
  EXPECT_EQ(labels(begin, begin + 4 * 365 * kDay, 5), (Labels{"2020", "2021", "2022", "2023"}));
  EXPECT_EQ(labels(begin - 40 * 365.25 * kDay, begin, 5),
            (Labels{"1980", "1990", "2000", "2010", "2020"}));
  EXPECT_EQ(labels(begin + kDay, begin + 330 * kDay, 6), (Labels{"2020-04", "2020-07", "2020-10"}));
  EXPECT_EQ(labels(begin, begin + 28 * kDay, 5),
            (Labels{"2020-01-06", "2020-01-13", "2020-01-20", "2020-01-27"}));
  EXPECT_EQ(labels(begin, begin + 3 * kDay, 4),
            (Labels{"2020-01-01", "2020-01-02", "2020-01-03", "2020-01-04"}));
  EXPECT_EQ(labels(begin, begin + kDay / 2, 5),
            (Labels{"01-01 00:00", "01-01 03:00", "01-01 06:00", "01-01 09:00", "01-01 12:00"}));
}

TEST(DateTicks, BeforeTheEpochAndBeyondTheCalendar) {
  EXPECT_EQ(labels(-3 * 365.25 * kDay, 365.25 * kDay, 5), (Labels{"1968", "1969", "1970", "1971"}));
  EXPECT_EQ(labels(-80e9, -50e9, 4), (Labels{"-500", "0"}));
  EXPECT_TRUE(date_ticks({-1e15, 1e15}, 5).empty());
  EXPECT_TRUE(date_ticks({0, 1e300}, 5).empty());
  EXPECT_LE(date_ticks({5, 5}, 5).size(), 1u);
}

TEST(DateTicks, HaveNoMoreThanThereIsRoomFor) {
  for (double span = 100; span < 1e11; span *= 1.7) labels(1.5e9, 1.5e9 + span, 6);
}

}  // namespace

}  // namespace sinapse
