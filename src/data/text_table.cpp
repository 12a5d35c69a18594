#include "data/text_table.h"

#include <algorithm>

#include <fmt/format.h>

#include <sinapse/error.h>

#include "data/cell.h"
#include "data/text_check.h"

namespace sinapse {

int64_t TextTable::num_rows() const {
  if (names.empty()) return 0;
  return static_cast<int64_t>((cells.size() - num_header_cells) / names.size());
}

int64_t TextTable::column_named(const std::string& name) const {
  const auto found = std::find(names.begin(), names.end(), name);
  if (found != names.end()) return found - names.begin();
  throw Error(ErrorCode::usage,
              fmt::format("{}: column \"{}\" does not belong to this table.", source, name));
}

bool TextTable::is_missing(CellPosition cell) const {
  if (missing_rule == MissingRule::question_mark) return !cell.quoted && text_of(cell) == "?";
  return is_missing_word(text_of(cell));
}

int64_t TextTable::line(size_t position) const {
  if (position < part.repeated_bytes) return part.first_line;
  return part.lines_before + line_at(std::string_view(text).substr(part.repeated_bytes),
                                     position - part.repeated_bytes);
}

std::string TextTable::location(int64_t row) const {
  if (source.empty()) return fmt::format("row {}", row);
  const uint64_t begin = row_begins.empty() ? position(row, 0).begin : row_begins[row];
  return fmt::format("{}:{}", source, line(begin));
}

std::string TextTable::location(int64_t row, int64_t column) const {
  return fmt::format("{}: column \"{}\"", location(row), names[column]);
}

void TextTable::append_cell(std::string_view cell) {
  cell = cell.substr(0, CellPosition::kMaxLength);
  cells.push_back({text.size(), cell.size(), false});
  text += cell;
}

}  // namespace sinapse
