#include "data/philox.h"

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

namespace sinapse {
namespace {

using Words = std::array<uint32_t, 4>;

// Random123's known answers for philox4x32 with 10 rounds (its kat_vectors file).
TEST(Philox, MatchesTheKnownAnswersOfRandom123) {
  EXPECT_EQ(philox({0, 0, 0, 0}, {0, 0}), (Words{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
  EXPECT_EQ(philox({0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff}, {0xffffffff, 0xffffffff}),
            (Words{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
  EXPECT_EQ(philox({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}),
            (Words{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

TEST(RandomStream, PurposesStepsAndSeedsDiffer) {
  const uint32_t bits = RandomStream(1, Purpose::split, 0).bits(0);
  EXPECT_EQ(bits, RandomStream(1, Purpose::split, 0).bits(0));
  EXPECT_NE(bits, RandomStream(2, Purpose::split, 0).bits(0));
  EXPECT_NE(bits, RandomStream(1, Purpose::shuffle, 0).bits(0));
  EXPECT_NE(bits, RandomStream(1, Purpose::split, 1).bits(0));
  EXPECT_NE(bits, RandomStream(1, Purpose::split, 0).bits(1));
}

TEST(RandomStream, NormalNumbersHaveMeanZeroAndVarianceOne) {
  const RandomStream stream(7, Purpose::initial_weights, 0);
  constexpr int kCount = 100000;
  double sum = 0, squares = 0;
  for (int i = 0; i < kCount; ++i) {
    const double x = stream.normal(i);
    ASSERT_TRUE(std::isfinite(x));
    sum += x;
    squares += x * x;
  }
  EXPECT_NEAR(sum / kCount, 0, 0.02);
  EXPECT_NEAR(squares / kCount, 1, 0.03);
}

TEST(RandomStream, PermutationHoldsEveryNumberOnce) {
  auto order = RandomStream(3, Purpose::shuffle, 5).permutation(1000);
  EXPECT_FALSE(std::is_sorted(order.begin(), order.end()));
  std::sort(order.begin(), order.end());
  for (int64_t i = 0; i < 1000; ++i) EXPECT_EQ(order[i], i);
  EXPECT_TRUE(RandomStream(3, Purpose::shuffle, 5).permutation(0).empty());
}

}  // namespace
}  // namespace sinapse
