#include "data/dialect.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>

#include "data/cell.h"

namespace sinapse {

namespace {

constexpr size_t kSampledRows = 1000;
constexpr size_t kSampledBytes = size_t{1} << 20;
constexpr std::string_view kDelimiters = "\t;|,";  // a comma is often part of numbers and texts

// How many cells each of the first lines has; a line without any text does not count.
std::vector<size_t> cells_per_line(std::string_view text, char delimiter) {
  std::vector<size_t> counts;
  size_t cells = 1, line_start = 0;
  bool quoted = false;
  for (size_t i = 0; i < text.size() && counts.size() < kSampledRows; ++i) {
    const char c = text[i];
    const bool cell_starts = i == line_start || text[i - 1] == delimiter;
    if (c == '"' && (quoted || cell_starts)) quoted = !quoted;
    if (quoted) continue;
    if (c == delimiter) ++cells;
    if (c != '\n' && c != '\r') continue;
    if (!trimmed(text.substr(line_start, i - line_start)).empty()) counts.push_back(cells);
    cells = 1;
    line_start = i + 1;
  }
  const bool complete = text.size() < kSampledBytes;
  if (complete && line_start < text.size() && counts.size() < kSampledRows) counts.push_back(cells);
  return counts;
}

// The share of lines that have the commonest number of cells; 0 if that is one.
double agreement(const std::vector<size_t>& counts) {
  std::map<size_t, size_t> lines;
  for (const size_t count : counts) ++lines[count];
  const auto commonest = std::max_element(lines.begin(), lines.end(),
                                          [](auto& a, auto& b) { return a.second < b.second; });
  if (commonest == lines.end() || commonest->first == 1) return 0;
  return static_cast<double>(commonest->second) / static_cast<double>(counts.size());
}

// Whether every line holds equally many words, at least two, and most of them, apart from line 1,
// are numbers: spaces are part of texts too often to believe less.
bool are_numbers_between_spaces(std::string_view text) {
  size_t num_lines = 0, first_count = 0, num_words = 0, num_numbers = 0;
  while (!text.empty() && num_lines < kSampledRows) {
    std::string_view line = text.substr(0, text.find_first_of("\r\n"));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    if (text.empty() && num_lines > 1) break;  // the sample may end within this line
    size_t count = 0;
    for (line = trimmed(line); !line.empty(); line = trimmed(line), ++count) {
      const std::string_view word = line.substr(0, line.find(' '));
      line.remove_prefix(word.size());
      num_words += num_lines > 0 ? 1 : 0;
      num_numbers += num_lines > 0 && parse_number(word) ? 1 : 0;
    }
    if (count == 0) continue;
    if (num_lines++ == 0) first_count = count;
    if (count != first_count || count < 2) return false;
  }
  return 2 * num_numbers > num_words;
}

enum class CellLook { missing, number, text };

CellLook look(const TextTable& table, CellPosition cell) {
  const std::string_view text = table.text_of(cell);
  if (table.is_missing(cell)) return CellLook::missing;
  const bool number = parse_number(text) || (table.delimiter == ';' && parse_number(text, ','));
  return number ? CellLook::number : CellLook::text;
}

// What stands below line 1 in a column.
struct Below {
  bool numbers = false, texts = false, decimals = false, repeats_first = false;
};

Below look_below(const TextTable& table, size_t column, size_t num_columns) {
  Below below;
  const std::string_view first = table.text_of(table.cells[column]);
  const size_t end = std::min(table.cells.size(), kSampledRows * num_columns);
  for (size_t i = num_columns + column; i < end; i += num_columns) {
    const std::string_view text = table.text_of(table.cells[i]);
    const CellLook cell = look(table, table.cells[i]);
    below.numbers |= cell == CellLook::number;
    below.texts |= cell == CellLook::text && text != first;
    below.decimals |= cell == CellLook::number && text.find_first_of(".,") != text.npos;
    below.repeats_first |= text == first;
  }
  return below;
}

bool counts_up(const TextTable& table, size_t num_columns) {
  const auto from = [&](size_t start) {
    for (size_t i = 0; i < num_columns; ++i)
      if (table.text_of(table.cells[i]) != std::to_string(start + i)) return false;
    return true;
  };
  return num_columns > 1 && (from(0) || from(1));
}

bool repeats_itself(const TextTable& table, size_t num_columns) {
  std::set<std::string_view> seen;
  for (size_t i = 0; i < num_columns; ++i)
    if (!seen.insert(table.text_of(table.cells[i])).second) return true;
  return false;
}

}  // namespace

char detect_delimiter(std::string_view text) {
  const std::string_view sample = text.substr(0, kSampledBytes);
  char best = ',';
  double best_agreement = 0;
  for (const char delimiter : kDelimiters) {
    const double share = agreement(cells_per_line(sample, delimiter));
    if (share > best_agreement) best = delimiter, best_agreement = share;
  }
  if (best_agreement == 0 && are_numbers_between_spaces(sample)) return ' ';
  return best;
}

std::optional<SeparatorLine> separator_line(std::string_view text) {
  const size_t length = std::min(text.find_first_of("\r\n"), text.size());
  std::string_view line = text.substr(0, length);
  if (line.size() > 2 && line.front() == '"' && line.back() == '"')
    line = line.substr(1, line.size() - 2);
  constexpr std::string_view kWord = "sep=";
  const bool declares = line.size() == kWord.size() + 1 && is_word(line.substr(0, 4), kWord);
  if (!declares) return std::nullopt;
  const size_t ends = text.substr(length).starts_with("\r\n") ? 2 : length < text.size() ? 1 : 0;
  return SeparatorLine{line.back(), length + ends};
}

std::optional<int64_t> repeated_header(const TextTable& table) {
  const size_t num_columns = table.names.size();
  const auto repeats = [&](size_t row, size_t column) {
    const CellPosition name = table.cells[column], cell = table.cells[row + column];
    return cell.length == name.length && table.text_of(cell) == table.text_of(name);
  };
  for (size_t row = num_columns; row < table.cells.size(); row += num_columns) {
    size_t column = 0;
    while (column < num_columns && repeats(row, column)) ++column;
    if (column == num_columns) return table.line(table.cells[row].begin);
  }
  return std::nullopt;
}

bool has_title(const TextTable& table) {
  const size_t num_columns = table.names.size();
  if (table.cells.size() < 3 * num_columns) return false;
  size_t filled = 0;
  for (size_t i = 0; i < num_columns; ++i) filled += table.cells[i].length > 0;
  if (2 * filled >= num_columns) return false;
  bool numbers_below = false;
  for (size_t i = 0; i < num_columns; ++i) {
    if (look(table, table.cells[num_columns + i]) != CellLook::text) return false;
    numbers_below |= look(table, table.cells[2 * num_columns + i]) == CellLook::number;
  }
  return numbers_below;
}

bool detect_header(const TextTable& table) {
  const size_t num_columns = table.names.size();
  bool any_number = false, any_repeated = false, all_texts_below = true;
  bool any_decimal_or_text = false;
  for (size_t i = 0; i < num_columns; ++i) {
    const CellLook first = look(table, table.cells[i]);
    const Below below = look_below(table, i, num_columns);
    if (first == CellLook::text && below.numbers && !below.texts) return true;
    any_number |= first == CellLook::number;
    any_repeated |= first == CellLook::text && below.repeats_first;
    all_texts_below &= !below.numbers || below.texts;
    any_decimal_or_text |= below.decimals || below.texts;
  }
  if (counts_up(table, num_columns)) return any_decimal_or_text;
  return !any_number && !any_repeated && all_texts_below && !repeats_itself(table, num_columns);
}

}  // namespace sinapse
