#include "train/row_places.h"

#include <algorithm>
#include <numeric>
#include <set>

#include <gtest/gtest.h>

#include "train/row_window.h"
#include "train/stored_rows.h"

namespace sinapse {
namespace {

constexpr int64_t kTableRows = 20'000;

/// All rows of a table but every third.
Rows training_rows() {
  Rows rows;
  for (int64_t row = 0; row < kTableRows; ++row)
    if (row % 3 != 1) rows.push_back(row, /*most_listed=*/100);
  return rows;
}

std::shared_ptr<const RowPlaces> places_of(const Rows& rows, uint64_t seed = 7) {
  return std::make_shared<const RowPlaces>(rows, seed);
}

std::vector<int64_t> order(int64_t epoch, uint64_t seed = 7, int64_t columns = 100) {
  const RowList list = order_of_epoch(places_of(training_rows(), seed), columns, 32, seed, epoch);
  return list.rows(0, list.size());
}

TEST(RowPlaces, GiveEveryRowAPlaceOfItsOwn) {
  const Rows rows = training_rows();
  const auto places = places_of(rows);
  std::set<int64_t> taken;
  for (int64_t row = 0; row < kTableRows; ++row) {
    const int64_t place = places->place_of(row);
    EXPECT_EQ(place < std::ssize(rows), row % 3 != 1);
    if (place < std::ssize(rows)) ASSERT_EQ(places->row_at(place), row);
    taken.insert(place);
  }
  EXPECT_EQ(std::ssize(taken), kTableRows);
  EXPECT_EQ(*taken.rbegin(), kTableRows - 1);
}

TEST(OrderOfEpoch, TakesEveryTrainingRowOnce) {
  std::vector<int64_t> rows = order(1);
  std::sort(rows.begin(), rows.end());
  EXPECT_EQ(rows, std::vector<int64_t>(training_rows()));
}

TEST(OrderOfEpoch, IsAnotherOneForEachEpochAndSeed) {
  const std::vector<int64_t> first = order(1);
  EXPECT_EQ(order(1), first);
  for (const auto& other : {order(2), order(1, 8)}) {
    int64_t same = 0;
    for (size_t i = 0; i < first.size(); ++i) same += first[i] == other[i];
    EXPECT_LT(same, 20);
  }
}

TEST(OrderOfEpoch, IsTheSameAskedForInAnyParts) {
  const RowList list = order_of_epoch(places_of(training_rows()), 100, 32, 7, 3);
  const std::vector<int64_t> all = list.rows(0, list.size());
  for (const int64_t part : {1, 31, 5000}) {
    for (int64_t begin = 0; begin < list.size(); begin += part * 3) {
      const int64_t count = std::min(part, list.size() - begin);
      ASSERT_TRUE(std::equal(all.begin() + begin, all.begin() + begin + count,
                             list.rows(begin, count).begin()));
    }
  }
}

// Rows side by side in the file are far apart in an epoch, and what one epoch has in one batch is
// spread over those of the next: hardly more pairs meet again than by chance.
TEST(OrderOfEpoch, MixesRowsThatStandTogether) {
  constexpr int64_t kBatch = 32;
  const std::vector<int64_t> first = order(1), second = order(2);
  std::vector<int64_t> batch_of(kTableRows, -1);
  for (size_t i = 0; i < second.size(); ++i) batch_of[second[i]] = static_cast<int64_t>(i) / kBatch;
  double neighbours = 0, again = 0, pairs = 0;
  for (size_t i = 0; i + 1 < first.size(); ++i) {
    neighbours += std::abs(first[i] - first[i + 1]) < 30;
    for (size_t j = i + 1; j < first.size() && j / kBatch == i / kBatch; ++j, ++pairs)
      again += batch_of[first[i]] == batch_of[first[j]];
  }
  EXPECT_LT(neighbours / static_cast<double>(first.size()), 0.01);
  EXPECT_LT(again / pairs, 4.0 * kBatch / static_cast<double>(first.size()));
}

std::vector<float> row_at(int64_t row) {
  return {static_cast<float>(row), static_cast<float>(-row), 0.5f};
}

TEST(StoredRows, StandAtTheirPlacesAndAreFoundThere) {
  const auto places = places_of(training_rows());
  StoredRows stored(3, places);
  for (int64_t row = 0; row < kTableRows; ++row) stored.append(row_at(row));
  stored.finish();
  std::vector<int64_t> rows(kTableRows);
  std::iota(rows.begin(), rows.end(), 0);
  std::reverse(rows.begin() + 100, rows.end());
  std::vector<float> numbers(rows.size() * 3);
  stored.read(rows, numbers.data());
  for (size_t i = 0; i < rows.size(); ++i)
    ASSERT_EQ(std::vector<float>(numbers.data() + 3 * i, numbers.data() + 3 * i + 3),
              row_at(rows[i]));
  std::set<int64_t> seen;
  stored.visit(kTableRows, [&](int64_t row, const float* at) {
    ASSERT_EQ(std::vector<float>(at, at + 3), row_at(row));
    seen.insert(row);
  });
  EXPECT_EQ(std::ssize(seen), kTableRows);
}

TEST(RowScatter, SortsAnyNumberOfBuckets) {
  const Rows rows = training_rows();
  const auto places = places_of(rows);
  for (const size_t bucket_bytes : {size_t{1}, size_t{8000}, size_t{1} << 20}) {
    SpillFile file;
    RowScatter scatter(file, sizeof(int64_t), *places, bucket_bytes);
    for (int64_t row = 0; row < kTableRows; ++row) scatter.add(std::as_bytes(std::span(&row, 1)));
    scatter.finish();
    std::vector<int64_t> stored(kTableRows);
    file.read(0, std::as_writable_bytes(std::span(stored)));
    for (int64_t row = 0; row < kTableRows; ++row) ASSERT_EQ(stored[places->place_of(row)], row);
  }
}

TEST(RowWindow, TakesRowsThatAreToldAlsoWithoutASource) {
  const RowList list = order_of_epoch(places_of(training_rows()), 100, 32, 7, 1);
  const std::vector<int64_t> all = list.rows(0, list.size());
  RowWindow window(nullptr);
  for (int64_t begin = 0; begin < list.size(); begin += 32) {
    const int64_t count = std::min<int64_t>(32, list.size() - begin);
    const TakenRows taken = window.take(list, begin, count);
    EXPECT_EQ(taken.numbers, nullptr);
    ASSERT_TRUE(std::equal(taken.rows.begin(), taken.rows.end(), all.begin() + begin));
  }
}

}  // namespace
}  // namespace sinapse
