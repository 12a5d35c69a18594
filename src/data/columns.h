// From cells to typed columns.
#pragma once

#include <string>
#include <vector>

#include <sinapse/table.h>

#include "data/text_table.h"

namespace sinapse {

/// All columns, of the kinds that `options` gives or else inferred from all of their cells.
std::vector<Column> read_columns(const TextTable& table, const ReadOptions& options);

/// One column as that kind; `date_format` is detected if empty. Throws Error(data) with file, line
/// and column at the first cell that cannot be read so.
Column read_column(const TextTable& table, int64_t column, ColumnKind kind,
                   const std::string& date_format = "");

}  // namespace sinapse
