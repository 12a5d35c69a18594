#include "train/row_window.h"

#include <numeric>

#include <gtest/gtest.h>

#include <sinapse/error.h>

#include "train/stored_rows.h"

namespace sinapse {
namespace {

constexpr int64_t kRows = 3000, kColumns = 700;  // some pieces of 1 MB

/// Row r holds r, r + 1, ...
std::vector<float> row_at(int64_t r) {
  std::vector<float> row(kColumns);
  std::iota(row.begin(), row.end(), static_cast<float>(r));
  return row;
}

class RowWindowTest : public testing::Test {
 protected:
  RowWindowTest() {
    for (int64_t r = 0; r < kRows; ++r) rows_.append(row_at(r));
  }

  void expect_rows(RowWindow& window, const std::vector<int64_t>& list, int64_t begin,
                   int64_t count) {
    const float* got = window.take(list, begin, count).numbers;
    for (int64_t i = 0; i < count; ++i, got += kColumns)
      ASSERT_EQ(std::vector<float>(got, got + kColumns), row_at(list[begin + i])) << begin + i;
  }

  StoredRows rows_{kColumns};
};

std::vector<int64_t> shuffled(int64_t factor) {
  std::vector<int64_t> list;
  for (int64_t i = 0; i < kRows; ++i) list.push_back(i * factor % kRows);
  return list;
}

TEST_F(RowWindowTest, GivesBatchesOfAShuffledList) {
  RowWindow window(&rows_);
  for (const int64_t factor : {7, 11}) {  // another list at the same place in memory
    const std::vector<int64_t> list = shuffled(factor);
    for (int64_t begin = 0; begin < kRows; begin += 64)
      expect_rows(window, list, begin, std::min<int64_t>(64, kRows - begin));
  }
}

TEST_F(RowWindowTest, GoesBackAndJumps) {
  RowWindow window(&rows_);
  const std::vector<int64_t> list = shuffled(13);
  for (const int64_t begin : {0, 2900, 64, 128, 1500, 0, 1}) expect_rows(window, list, begin, 100);
}

TEST_F(RowWindowTest, KeepsABatchWhileTheNextIsTaken) {
  RowWindow window(&rows_);
  const std::vector<int64_t> list = shuffled(7);
  const float* before = window.take(list, 0, 64).numbers;
  for (int64_t begin = 64; begin + 64 <= kRows; begin += 64) {
    const float* const next = window.take(list, begin, 64).numbers;
    EXPECT_EQ(std::vector<float>(before, before + kColumns), row_at(list[begin - 64]));
    EXPECT_EQ(window.take(list, begin, 64).numbers, next);
    before = next;
  }
}

TEST_F(RowWindowTest, TakesBatchesLargerThanAPiece) {
  RowWindow window(&rows_);
  const std::vector<int64_t> list = shuffled(17);
  expect_rows(window, list, 0, 2000);
  expect_rows(window, list, 2000, 1000);
}

TEST_F(RowWindowTest, HasNothingToDoWithoutASource) {
  RowWindow window(nullptr);
  const std::vector<int64_t> list = shuffled(7);
  const TakenRows taken = window.take(list, 5, 10);
  EXPECT_EQ(taken.numbers, nullptr);
  EXPECT_EQ(taken.rows.data(), list.data() + 5);
}

class BrokenSource : public RowSource {
 public:
  int64_t num_columns() const override { return 1; }
  void read(std::span<const int64_t>, float*) const override {
    throw Error(ErrorCode::file, "the disk is gone");
  }
};

TEST(RowWindow, PassesErrorsOn) {
  const BrokenSource source;
  RowWindow window(&source);
  const std::vector<int64_t> list = {1, 2, 3};
  EXPECT_THROW(window.take(list, 0, 2), Error);
}

}  // namespace
}  // namespace sinapse
