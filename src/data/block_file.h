// Cells of several columns on disk: blocks of rows, in each of them column by column.
#pragma once

#include <algorithm>
#include <cassert>
#include <vector>

#include "data/spill_file.h"

namespace sinapse {

/// Written block by block, then read by any number of threads.
template <class T>
class BlockFile {
 public:
  explicit BlockFile(int64_t num_columns) : num_columns_(num_columns) {}

  int64_t num_rows() const { return num_rows_; }

  /// The columns that are then not written take no room on disk.
  void begin_block(int64_t rows) {
    const uint64_t offset =
        blocks_.empty() ? 0 : blocks_.back().offset + num_columns_ * bytes_of(blocks_.back().rows);
    blocks_.push_back({num_rows_, rows, offset});
    num_rows_ += rows;
  }

  void write(int64_t column, std::span<const T> cells) {
    const Block& block = blocks_.back();
    assert(static_cast<int64_t>(cells.size()) == block.rows);
    file_.write(block.offset + column * bytes_of(block.rows), std::as_bytes(cells));
  }

  /// Rows first .. first + into.size() - 1.
  void read(int64_t column, int64_t first, std::span<T> into) const {
    auto block = std::upper_bound(blocks_.begin(), blocks_.end(), first,
                                  [](int64_t row, const Block& b) { return row < b.first_row; });
    for (--block; !into.empty(); ++block) {
      const int64_t skipped = first - block->first_row;
      const auto count = std::min<int64_t>(block->rows - skipped, into.size());
      file_.read(block->offset + column * bytes_of(block->rows) + bytes_of(skipped),
                 std::as_writable_bytes(into.first(count)));
      into = into.subspan(count);
      first += count;
    }
  }

  /// Calls visit(cells) for the rows of one column, some thousand at a time.
  template <class Visit>
  void visit(int64_t column, Visit&& visit) const {
    std::vector<T> cells;
    for (int64_t first = 0; first < num_rows_; first += kVisitedRows) {
      cells.resize(std::min(kVisitedRows, num_rows_ - first));
      read(column, first, cells);
      visit(std::span<const T>(cells));
    }
  }

 private:
  static constexpr int64_t kVisitedRows = 8192;

  struct Block {
    int64_t first_row, rows;
    uint64_t offset;
  };

  static uint64_t bytes_of(int64_t rows) { return static_cast<uint64_t>(rows) * sizeof(T); }

  int64_t num_columns_;
  int64_t num_rows_ = 0;
  SpillFile file_;
  std::vector<Block> blocks_;
};

}  // namespace sinapse
