#include "data/text_table.h"

#include <fmt/format.h>

#include "data/cell.h"
#include "data/text_check.h"

namespace sinapse {

int64_t TextTable::num_rows() const {
  if (names.empty()) return 0;
  return static_cast<int64_t>((cells.size() - num_header_cells) / names.size());
}

bool TextTable::is_missing(CellPosition cell) const {
  if (missing_rule == MissingRule::question_mark) return !cell.quoted && text_of(cell) == "?";
  return is_missing_word(text_of(cell));
}

std::string TextTable::location(int64_t row) const {
  if (source.empty()) return fmt::format("row {}", row);
  const uint64_t begin = row_begins.empty() ? position(row, 0).begin : row_begins[row];
  return fmt::format("{}:{}", source, line_at(text, begin));
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
