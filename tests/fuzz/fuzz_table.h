// One run of a table reader: any bytes may be rejected, but only with an Error.
#pragma once

#include <cstdint>
#include <string>

#include <sinapse/error.h>

#include "data/table_reader.h"

namespace sinapse {

inline void fuzz_table(const std::string& text, const std::string& source) {
  try {
    const Table table = parse_table(text, source);
    for (const Column& column : table.columns()) table.reinterpret_as(column, ColumnKind::category);
    table.location(table.num_rows() - 1);
  } catch (const Error&) {
  }
}

}  // namespace sinapse
