// Finds the columns a model expects in the table at hand.
#pragma once

#include <deque>
#include <map>
#include <string>

#include <sinapse/table.h>

namespace sinapse {

/// The expected columns of a table, each with cells of the expected kind: where the table's own
/// column is of another kind, a converted copy. Extra columns and their order do not matter. The
/// table must outlive this.
class MatchedColumns {
 public:
  /// Throws Error(data) naming the columns that are missing and what stands in their place, or the
  /// cell that is not of the expected kind.
  MatchedColumns(const Table& table, const std::map<std::string, ColumnKind>& expected);

  const Column& operator[](const std::string& name) const { return *columns_.at(name); }

 private:
  const Column* as_kind(const Table& table, const Column& column, ColumnKind kind);

  std::map<std::string, const Column*> columns_;
  std::deque<Column> converted_;
};

/// Whether the cells stand in Column::numbers; else they are codes of categories.
inline bool has_numbers(ColumnKind kind) {
  return kind == ColumnKind::number || kind == ColumnKind::date;
}

}  // namespace sinapse
