// Reads rows that are not in memory ahead of the batches that need them.
#pragma once

#include <future>
#include <span>
#include <vector>

#include "train/row_list.h"
#include "train/row_source.h"

namespace sinapse {

/// So many rows of a list are read together: about a megabyte, whole batches.
int64_t rows_read_together(int64_t columns, int64_t batch_size);

struct TakenRows {
  std::span<const int64_t> rows;
  const float* numbers = nullptr;  // [rows, num_columns]; nullptr without a source
};

/// Rows are asked for batch by batch; while some are in use, a thread reads those that follow.
class RowWindow {
 public:
  explicit RowWindow(const RowSource* source) : source_(source) {}

  /// Rows begin .. begin + count - 1 of a list. They stay while rows that follow them at once are
  /// taken, however often, and no others.
  TakenRows take(const RowList& list, int64_t begin, int64_t count);

 private:
  struct Piece {
    int64_t begin = 0, number = 0;  // in the list; of the list
    std::vector<int64_t> rows;      // the part of the list, which may be another one by now
    std::vector<float> numbers;     // [rows, num_columns]
  };

  TakenRows find(const RowList& list, int64_t begin, int64_t count) const;
  bool holds(const RowList& list, int64_t begin, int64_t count) const;
  void read_ahead(const RowList& list, int64_t begin, int64_t count);

  const RowSource* source_;
  Piece before_, piece_;
  std::future<Piece> next_;
};

}  // namespace sinapse
