// Tables from bytes in memory.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include <sinapse/table.h>

#include "data/text_table.h"

namespace sinapse {

/// The table in a CSV, TSV or ARFF text; `source` names it in messages. Throws Error(data).
Table parse_table(std::string bytes, const std::string& source, const ReadOptions& options = {});

/// The cells of a CSV text that begins at `start`, with names. Throws Error(data) as parse_table().
TextTable parse_csv(std::string bytes, const std::string& source, size_t start,
                    const ReadOptions& options);

/// The delimiter that the options give, the text declares, or else the file's name or its first
/// lines show.
char delimiter_of(std::string_view text, const std::string& source, const ReadOptions& options);

/// Throws Error(data) if two columns have the same name, or there are no rows.
void require_usable(const TextTable& table);

/// Throws Error(data) for a row that repeats the header.
void reject_repeated_header(const TextTable& table);

}  // namespace sinapse
