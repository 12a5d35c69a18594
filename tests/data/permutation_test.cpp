#include "data/permutation.h"

#include <cmath>
#include <vector>

#include <gtest/gtest.h>

namespace sinapse {
namespace {

Permutation of(int64_t n, uint64_t seed = 1, uint64_t step = 0) {
  return {n, RandomStream(seed, Purpose::shuffle, step)};
}

TEST(Permutation, TakesEveryNumberOnceAndLeadsBack) {
  for (const int64_t n : {1, 2, 3, 4, 5, 63, 64, 65, 1000, 4095, 4096, 4097, 70000}) {
    const Permutation permutation = of(n);
    std::vector<char> taken(static_cast<size_t>(n));
    for (int64_t i = 0; i < n; ++i) {
      const int64_t number = permutation(i);
      ASSERT_TRUE(number >= 0 && number < n) << n;
      ASSERT_FALSE(taken[static_cast<size_t>(number)]) << n;
      taken[static_cast<size_t>(number)] = 1;
      ASSERT_EQ(permutation.inverse(number), i) << n;
    }
  }
}

TEST(Permutation, LeadsBackWhereThereAreVeryMany) {
  for (const int64_t n : {int64_t{12'345'678}, int64_t{1} << 40, (int64_t{1} << 59) + 7}) {
    const Permutation permutation = of(n);
    for (int64_t i = 0; i < 1000; ++i) {
      const int64_t place = i * (n / 1000), number = permutation(place);
      ASSERT_TRUE(number >= 0 && number < n);
      ASSERT_EQ(permutation.inverse(number), place);
    }
  }
}

TEST(Permutation, FollowsSeedAndStep) {
  int same = 0;
  for (int64_t i = 0; i < 1000; ++i)
    same += of(1000, 1)(i) == of(1000, 2)(i) || of(1000, 1)(i) == of(1000, 1, 1)(i);
  EXPECT_LT(same, 15);
  EXPECT_EQ(of(1000, 3)(17), of(1000, 3)(17));
}

// Where a number goes, and where its neighbour goes relative to it, must be evenly spread: chi
// square over 64 cells, which is below 120 but once in ten thousand times.
TEST(Permutation, SpreadsNumbersAndNeighboursEvenly) {
  constexpr int64_t kRows = 100'003, kCells = 64;
  const Permutation permutation = of(kRows, 5);
  for (const int64_t begin : {0, 30'000}) {  // rows that stand together
    std::vector<double> places(kCells), distances(kCells);
    constexpr int64_t kSome = 20'000;
    for (int64_t i = begin; i < begin + kSome; ++i) {
      ++places[static_cast<size_t>(permutation(i) * kCells / kRows)];
      const int64_t distance = (permutation(i + 1) - permutation(i) + kRows) % kRows;
      ++distances[static_cast<size_t>(distance * kCells / kRows)];
    }
    for (const auto& counts : {places, distances}) {
      double chi_square = 0;
      const double expected = double{kSome} / kCells;
      for (const double count : counts)
        chi_square += (count - expected) * (count - expected) / expected;
      EXPECT_LT(chi_square, 120);
      EXPECT_GT(chi_square, 15);
    }
  }
}

TEST(Permutation, HasTheFixedPointsOfChance) {
  int fixed = 0;
  for (uint64_t seed = 0; seed < 200; ++seed) {
    const Permutation permutation = of(500, seed);
    for (int64_t i = 0; i < 500; ++i) fixed += permutation(i) == i;
  }
  EXPECT_NEAR(fixed, 200, 60);  // one a permutation
}

}  // namespace
}  // namespace sinapse
