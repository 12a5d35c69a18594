// Encoded rows on disk.
#pragma once

#include "data/spill_file.h"
#include "train/row_source.h"

namespace sinapse {

/// Rows of equal length one behind the other; shuffled reading costs one seek a row, which the
/// system's cache mostly spares.
class StoredRows : public RowSource {
 public:
  explicit StoredRows(int64_t num_columns) : num_columns_(num_columns) {}

  /// Adds rows, [rows, num_columns].
  void append(std::span<const float> rows);

  int64_t num_columns() const override { return num_columns_; }
  void read(std::span<const int64_t> rows, float* into) const override;

 private:
  int64_t num_columns_;
  uint64_t size_ = 0;  // bytes
  SpillFile file_;
};

}  // namespace sinapse
