// Encoded rows in which whole columns of the table are changed: every input that is made from a
// column, and products with others.
#pragma once

#include "explain/rows.h"
#include "features/column_inputs.h"

namespace sinapse {

class ChangedRows {
 public:
  /// Both must outlive this; the inputs are numbers in memory (copy_rows).
  ChangedRows(const Features& features, const Dataset& original)
      : features_(features), original_(original), changed_(original) {}

  const Dataset& data() const { return changed_; }

  /// Row r gets what row order[r] of the original has in the column.
  void shuffle(const ColumnInputs& column, std::span<const int64_t> order);

  /// Row r gets what row order[r] of the other rows, encoded by the same features, has there.
  void take(const ColumnInputs& column, const Dataset& from, std::span<const int64_t> order);

  /// All rows get what that one row has there.
  void set(const ColumnInputs& column, const Dataset& from, int64_t row);

  /// The column is as it was.
  void restore(const ColumnInputs& column);

 private:
  void copy(const ColumnInputs& column, const Dataset& from, int64_t from_row, int64_t to_row);
  void multiply();

  const Features& features_;
  const Dataset& original_;
  Dataset changed_;
};

/// Which of the network's inputs a column is, or is part of.
size_t input_of(const Features& features, const ColumnInputs& column);

}  // namespace sinapse
