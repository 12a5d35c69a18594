// What a delimited file does not say about itself: its delimiter, and whether line 1 is a header.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "data/text_table.h"

namespace sinapse {

/// The delimiter among tab ; | and comma that cuts the first lines into equally many cells, at
/// least two. If none does: a space if it separates columns of numbers, else a comma.
char detect_delimiter(std::string_view text);

/// Excel's own word for the delimiter: a first line such as sep=;
struct SeparatorLine {
  char delimiter;
  size_t length;  // of the line with its end
};
std::optional<SeparatorLine> separator_line(std::string_view text);

/// Whether the first row is a title, a count or the like above the header of row 2: less than half
/// of its cells are filled, row 2 is all texts, and numbers follow below.
bool has_title(const TextTable& table);

/// The line of a row that repeats the first one cell by cell, as in files put together with their
/// headers.
std::optional<int64_t> repeated_header(const TextTable& table);

/// Whether the first row of `cells` names the columns. It does if
/// - a text stands above a column of numbers, or
/// - it counts 0, 1, 2, ... above columns that do not, or
/// - all columns hold texts, and it repeats neither itself nor anything below.
bool detect_header(const TextTable& table);

}  // namespace sinapse
