// Cuts a delimited text into cells (RFC 4180, with its usual deviations).
#pragma once

#include <cstddef>
#include <string>

#include "data/text_table.h"

namespace sinapse {

/// Fills `cells`, header included, and one empty name a column. The text starts at `start`.
/// - Lines end with LF, CR LF or CR. Blank lines are skipped; in a table of one column they are
///   missing values, except at both ends of the file.
/// - A cell whose first character is a double quote ends with the next one; two in a row stand for
///   one; it may hold delimiters and line ends. Other cells take quotes as they are.
/// - Spaces around a cell do not belong to it; as the delimiter, any number of them is one.
/// Throws Error(data) with file and line for a quote that is not closed, text behind a closing
/// quote, and lines whose number of cells differs from line 1.
void split_cells(TextTable& table, size_t start);

}  // namespace sinapse
