#include "figures/scale.h"

#include <gtest/gtest.h>

namespace sinapse {

namespace {

std::vector<std::string> labels(const Scale& scale, int count) {
  std::vector<std::string> labels;
  for (const Tick& tick : scale.ticks(count)) labels.push_back(tick.label);
  return labels;
}

using Labels = std::vector<std::string>;

TEST(Scale, PlacesTheEndsOfItsRange) {
  const Scale scale({2, 6}, 100, 300);
  EXPECT_DOUBLE_EQ(scale.place(2), 100);
  EXPECT_DOUBLE_EQ(scale.place(3), 150);
  EXPECT_DOUBLE_EQ(scale.place(6), 300);
}

TEST(Scale, TicksAreRoundNumbersWithinTheRange) {
  EXPECT_EQ(labels(Scale({-6, 6}, 0, 1), 7), (Labels{"-6", "-4", "-2", "0", "2", "4", "6"}));
  EXPECT_EQ(labels(Scale({0.03, 0.97}, 0, 1), 4), (Labels{"0.25", "0.50", "0.75"}));
  EXPECT_EQ(labels(Scale({0, 42000}, 0, 1), 4), (Labels{"0", "20,000", "40,000"}));
}

TEST(Scale, LogarithmicTicksArePowersOfTen) {
  EXPECT_EQ(labels(Scale({0.005, 200}, 0, 1, true), 6), (Labels{"100", "10", "1", "0.1", "0.01"}));
  EXPECT_EQ(labels(Scale({1e-13, 1}, 0, 1, true), 5),
            (Labels{"1", "1e-3", "1e-6", "1e-9", "1e-12"}));
  EXPECT_DOUBLE_EQ(Scale({1, 100}, 0, 10, true).place(10), 5);
}

TEST(Scale, FewDecadesHaveTicksWithin) {
  EXPECT_EQ(labels(Scale({0.013, 0.56}, 0, 1, true), 5),
            (Labels{"0.02", "0.05", "0.1", "0.2", "0.5"}));
  EXPECT_EQ(labels(Scale({2.2, 4.1}, 0, 1, true), 4), (Labels{"2.5", "3.0", "3.5", "4.0"}));
}

TEST(Scale, CountsHaveWholeTicks) {
  const auto whole = [](Range range) {
    Labels labels;
    for (const Tick& tick : Scale(range, 0, 1).ticks(7, true)) labels.push_back(tick.label);
    return labels;
  };
  EXPECT_EQ(whole({1, 1}), Labels{"1"});
  EXPECT_EQ(whole({1, 3}), (Labels{"1", "2", "3"}));
  EXPECT_EQ(whole({1, 16}), (Labels{"5", "10", "15"}));
}

TEST(Scale, ExtremeRangesHaveTicks) {
  EXPECT_LE(Scale({1e16, 1e16 + 4}, 0, 1).ticks(5).size(), 5u) << "steps below the precision";
  EXPECT_FALSE(Scale({-1e300, 1e300}, 0, 1).ticks(5).empty());
  EXPECT_LE(Scale({5e-324, 1e-323}, 0, 1, true).ticks(5).size(), 100u);
  Range range = Range::nothing();
  range.include(1e308);
  EXPECT_TRUE(range.empty()) << "differences would overflow";
}

TEST(Scale, SharesDoNotPassTheWhole) {
  EXPECT_DOUBLE_EQ(Scale({1, 1}, 0, 1).range().high, 1);
  EXPECT_GT(Scale({0.001, 0.001}, 0, 1).range().high, 0.001);
}

TEST(Scale, OneNumberIsWidenedToARange) {
  const Scale scale({5, 5}, 0, 10);
  EXPECT_DOUBLE_EQ(scale.place(5), 5);
  const Scale nothing(Range::nothing(), 0, 10);
  EXPECT_DOUBLE_EQ(nothing.place(0), 0);
}

TEST(Scale, RoundedRangesHoldTheirNumbers) {
  const Range range = rounded({0.31, 9.2}, 5);
  EXPECT_DOUBLE_EQ(range.low, 0);
  EXPECT_DOUBLE_EQ(range.high, 10);
}

TEST(Scale, NumbersAreReadable) {
  EXPECT_EQ(readable(1234567), "1,234,567");
  EXPECT_EQ(readable(-12345), "-12,345");
  EXPECT_EQ(readable(0.00012345), "0.0001234");
  EXPECT_EQ(readable(0), "0");
}

}  // namespace

}  // namespace sinapse
