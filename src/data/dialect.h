// What a delimited file does not say about itself: its delimiter, and whether line 1 is a header.
#pragma once

#include <string_view>

#include "data/text_table.h"

namespace sinapse {

/// The delimiter among tab ; | and comma that cuts the first lines into equally many cells, at
/// least two. If none does: a space if it separates columns of numbers, else a comma.
char detect_delimiter(std::string_view text);

/// Whether the first row of `cells` names the columns. It does if
/// - a text stands above a column of numbers, or
/// - it counts 0, 1, 2, ... above columns that do not, or
/// - all columns hold texts, and it repeats neither itself nor anything below.
bool detect_header(const TextTable& table);

}  // namespace sinapse
