// The answers of a table that is not in memory.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "data/spill_file.h"

namespace sinapse {

/// Targets and, if there is a column of weights, the weight of each row, in the order of the rows.
/// Any number of threads may read.
class StoredAnswers {
 public:
  StoredAnswers(int64_t target_width, bool has_weights)
      : target_width_(target_width), has_weights_(has_weights) {}

  int64_t target_width() const { return target_width_; }
  bool has_weights() const { return has_weights_; }
  int64_t num_rows() const { return num_rows_; }
  /// Floats for a row: its targets, then the two halves of its weight, a double.
  int64_t num_columns() const {
    return target_width_ + (has_weights_ ? int64_t{sizeof(double) / sizeof(float)} : 0);
  }

  /// Adds rows, [rows, num_columns].
  void append(std::span<const float> rows) {
    file_->write(offset_of(num_rows_), std::as_bytes(rows));
    num_rows_ += std::ssize(rows) / num_columns();
  }

  /// Rows first, first + 1, ..., [rows, num_columns].
  void read(int64_t first, std::span<float> into) const {
    file_->read(offset_of(first), std::as_writable_bytes(into));
  }

 private:
  uint64_t offset_of(int64_t row) const {
    return static_cast<uint64_t>(row * num_columns()) * sizeof(float);
  }

  int64_t target_width_;
  bool has_weights_;
  int64_t num_rows_ = 0;
  std::shared_ptr<SpillFile> file_ = std::make_shared<SpillFile>();
};

}  // namespace sinapse
