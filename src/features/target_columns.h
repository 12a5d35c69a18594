// The columns of a table that are to be predicted, and what kind of question they ask.
#pragma once

#include <deque>
#include <string>
#include <vector>

#include <sinapse/loss.h>
#include <sinapse/table.h>
#include <sinapse/task.h>

#include "data/column_cells.h"
#include "data/rows.h"

namespace sinapse {

/// Columns to predict. They stand in the table, or are copies read as numbers here.
class TargetColumns {
 public:
  /// `text` is one column's name or index, or several with commas between them; a name with a comma
  /// stands in double quotes, unless the whole text is a column's name. Throws Error(usage) for a
  /// misspelt column and one that stands twice.
  TargetColumns(const Table& table, const std::string& text);
  TargetColumns(const TargetColumns&) = delete;

  size_t size() const { return columns_.size(); }
  const Column& operator[](size_t i) const { return *columns_[i]; }
  std::vector<const Column*>::const_iterator begin() const { return columns_.begin(); }
  std::vector<const Column*>::const_iterator end() const { return columns_.end(); }

 private:
  void add(const Table& table, const Column& column);

  std::vector<const Column*> columns_;
  std::deque<Column> converted_;
};

/// The names of the columns that the text means.
std::vector<std::string> target_names(const Table& table, const std::string& text);

/// "y", or for several targets "a", "b" and 2 others.
std::string quoted_names(const std::vector<std::string>& names);

bool is_missing(const ColumnCells& column, int64_t row);
int64_t count_missing(const ColumnCells& column);

/// Whether a row can be learned from only if it has all of its targets.
inline bool needs_all_targets(OutputForm form) {
  return form == OutputForm::direction || form == OutputForm::distribution;
}

/// Rows that have a target, or all of them.
Rows rows_with_targets(const Table& table, const TargetColumns& columns, bool all_of_them);
int64_t count_rows_with_targets(const Table& table, const TargetColumns& columns, bool all_of_them);

}  // namespace sinapse
