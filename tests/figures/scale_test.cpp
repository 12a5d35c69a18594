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
            (Labels{"1e0", "1e-3", "1e-6", "1e-9", "1e-12"}));
  EXPECT_DOUBLE_EQ(Scale({1, 100}, 0, 10, true).place(10), 5);
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
