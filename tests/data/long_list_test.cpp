#include "data/long_list.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "data/sorted_list.h"

namespace sinapse {
namespace {

constexpr size_t kMany = 2 * LongList<int32_t>::kMostInMemory + 77;

int32_t value_at(size_t place) {
  return static_cast<int32_t>(place * 7919 % 1'000'003);
}

TEST(LongList, GivesEveryPlaceFromDiskAndMemory) {
  LongList<int32_t> list;
  for (size_t i = 0; i < kMany; ++i) list.push_back(value_at(i));
  EXPECT_FALSE(list.is_in_memory());
  ASSERT_EQ(list.size(), kMany);
  for (size_t i = 0; i < kMany; ++i) ASSERT_EQ(list[i], value_at(i)) << i;
  for (size_t i = kMany; i-- > kMany - 10'000;) ASSERT_EQ(list[i], value_at(i)) << i;
  EXPECT_EQ(list[3], value_at(3));
}

TEST(LongList, StaysInMemoryIfItIsToldTo) {
  LongList<int32_t> list;
  list.keep_in_memory();
  for (size_t i = 0; i < kMany; ++i) list.push_back(value_at(i));
  EXPECT_TRUE(list.is_in_memory());
  EXPECT_EQ(list[kMany - 1], value_at(kMany - 1));
}

TEST(LongList, MayBeEmptyOrListed) {
  EXPECT_TRUE(LongList<double>().empty());
  const LongList<double> list = {1.5, 2.5};
  EXPECT_EQ(std::vector<double>(list), (std::vector<double>{1.5, 2.5}));
}

TEST(SortedList, GivesAllValuesInRisingOrder) {
  for (const size_t count : {size_t{0}, size_t{1}, size_t{100}, size_t{101}, size_t{54'321}}) {
    SortedList<int32_t> sorted(/*most_in_memory=*/100);
    std::vector<int32_t> expected, seen;
    for (size_t i = 0; i < count; ++i) {
      expected.push_back(value_at(i) % 5000);  // some of them often
      sorted.add(expected.back());
    }
    std::sort(expected.begin(), expected.end());
    sorted.visit([&](int32_t value) { seen.push_back(value); });
    EXPECT_EQ(seen, expected);
  }
}

}  // namespace
}  // namespace sinapse
