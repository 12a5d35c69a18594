// Rows of a table in parts of about equal size, as its split wants them.
#pragma once

#include "train/split_rows.h"

namespace sinapse {

using Folds = std::vector<std::vector<int64_t>>;

/// Divides some rows of a table: random, stratified or by group (chosen_split). Throws Error(usage)
/// for another way, and where there are not enough rows or groups.
Folds folds_of(const Table& table, const KnownRows& known, const Rows& rows,
               const RunOptions& options, int64_t num_folds);

/// The rows of all folds but one, ascending.
std::vector<int64_t> rows_outside(const Folds& folds, size_t fold);

}  // namespace sinapse
