// Tables that do not fit into memory: cells in temporary files, the text where it is.
#pragma once

#include <cstddef>
#include <string>

#include <sinapse/table.h>

namespace sinapse {

/// The table of a CSV file, equal to that of read_table() but for where the cells are, and that
/// texts of identifiers are left out. Goes through the file twice, and once more if a column has
/// more different texts than fit into memory. Throws as read_table() does, and Error(data) if the
/// file changes meanwhile. About `part_bytes` of the file are in memory at once.
Table read_stored_table(const std::string& path, const ReadOptions& options,
                        size_t part_bytes = size_t{1} << 20);

}  // namespace sinapse
