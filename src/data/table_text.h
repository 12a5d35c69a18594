// The cells of a table as they stand in its file.
#pragma once

#include <memory>
#include <string>

#include <sinapse/table.h>

#include "data/text_table.h"

namespace sinapse {

class TableText {
 public:
  virtual ~TableText() = default;

  /// The column of that name, read as that kind. Throws Error(data) with file, line and column.
  virtual Column read(const std::string& name, ColumnKind kind) const = 0;

  /// "data.csv:17"
  virtual std::string location(int64_t row) const = 0;
};

/// The text of a table that is in memory as a whole.
std::shared_ptr<const TableText> text_in_memory(std::shared_ptr<const TextTable> table);

}  // namespace sinapse
