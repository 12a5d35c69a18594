// Tables from bytes in memory.
#pragma once

#include <string>

#include <sinapse/table.h>

namespace sinapse {

/// The table in a CSV, TSV or ARFF text; `source` names it in messages. Throws Error(data).
Table parse_table(std::string bytes, const std::string& source, const ReadOptions& options = {});

}  // namespace sinapse
