// Which rows of a data set are for what: data.split_by and the columns it needs.
#pragma once

#include <span>

#include <sinapse/train.h>

#include "data/split.h"
#include "features/target.h"

namespace sinapse {

/// The rows that have a target, and the target as learned from all of them.
struct KnownRows {
  Rows rows;
  Target target;

  bool has_classes() const { return is_classification(target.task()); }
};
KnownRows known_rows(const Table& table, const RunOptions& options);

/// How rows are split: data.split_by, or where that is "auto" column, group, time or hash if such a
/// column is named, else stratified for classes and random for numbers. Throws Error(usage) if the
/// options contradict each other.
std::string chosen_split(const DataOptions& options, bool classes);

/// Splits some rows of a table. Throws Error(usage) or Error(data).
Split split_rows(const Table& table, const KnownRows& known, const Rows& rows,
                 const RunOptions& options);

/// The class of each of the rows, which have one; `table`, `known` and `rows` outlive the values.
RowValues<int32_t> classes_of(const Table& table, const KnownRows& known, const Rows& rows);

/// The same for samples without columns.
Split split_samples(std::span<const int32_t> labels, const RunOptions& options);

/// The columns that only say how to split and to weigh rows; they are no inputs.
std::vector<std::string> split_columns(const DataOptions& options);

/// Throws Error(usage) in the name of `who`, that learns from rows alone, if the options make steps
/// of series or sequences of them, or let them go on from one another.
void require_rows_alone(const RunOptions& options, std::string_view who);

/// For each of the rows the number of its group; rows without one are one group. For data.group.
/// `rows` outlive the values.
RowValues<int32_t> groups_of(const Table& table, const std::string& column, const Rows& rows);

/// A number for each of the rows that depends on the text of its cells alone: of that column, or if
/// it is empty of all columns, whatever their order. Seeds and other rows do not matter. `rows`
/// outlive the values.
RowValues<uint64_t> hashes_of(const Table& table, const std::string& column, const Rows& rows);

}  // namespace sinapse
