#include "report/thin.h"

#include <cstdint>

#include <gtest/gtest.h>

namespace sinapse {

namespace {

struct Seen {
  int64_t epoch = 0;
};

// A curve of what is kept has no long straight line where epochs were forgotten.
TEST(Thin, KeepsEpochsAtEvenDistances) {
  constexpr int64_t kEpochs = 20'000;
  constexpr size_t kMost = 1000;
  std::vector<Seen> all;
  for (int64_t epoch = 1; epoch <= kEpochs; ++epoch) {
    all.push_back({epoch});
    thin(all, kMost);
    ASSERT_LE(all.size(), kMost);
    ASSERT_EQ(all.front().epoch, 1);
    ASSERT_EQ(all.back().epoch, epoch);
  }
  EXPECT_GE(all.size(), kMost / 4);
  for (size_t i = 1; i < all.size(); ++i)
    EXPECT_LE(all[i].epoch - all[i - 1].epoch, 4 * kEpochs / static_cast<int64_t>(kMost)) << i;
}

TEST(Thin, LeavesFewAsTheyAre) {
  std::vector<Seen> all{{1}, {7}, {8}};
  thin(all, 3);
  EXPECT_EQ(all.size(), 3u);
}

}  // namespace

}  // namespace sinapse
