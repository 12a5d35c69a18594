// Reads rows that are not in memory ahead of the batches that need them.
#pragma once

#include <future>
#include <span>
#include <vector>

#include "train/row_source.h"

namespace sinapse {

/// Rows are asked for batch by batch; while some are in use, a thread reads those that follow.
class RowWindow {
 public:
  explicit RowWindow(const RowSource* source) : source_(source) {}

  /// Rows begin .. begin + count - 1 of a list, [count, num_columns]; nullptr without a source.
  /// They stay while rows that follow them at once are taken, however often, and no others.
  const float* take(std::span<const int64_t> list, int64_t begin, int64_t count);

 private:
  struct Piece {
    int64_t begin = 0;           // in the list
    std::vector<int64_t> rows;   // the part of the list, which may be another one by now
    std::vector<float> numbers;  // [rows, num_columns]
  };

  const float* find(std::span<const int64_t> rows, int64_t begin) const;
  void read_ahead(std::span<const int64_t> list, int64_t begin, int64_t count);

  const RowSource* source_;
  Piece before_, piece_;
  std::future<Piece> next_;
};

}  // namespace sinapse
