#include "data/identifier.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

namespace sinapse {

namespace {

constexpr int64_t kFewRows = 20;      // below, every text may differ by chance
constexpr size_t kLongText = 50;      // letters on average
constexpr int64_t kUnnamedRows = 10;  // rows to count before a column without a name is an index

constexpr std::array<std::string_view, 13> kKeyNames = {
    "id",  "index",    "idx",  "key",   "uuid",       "guid",      "rowid",
    "row", "rownames", "name", "names", "row_number", "unnamed: 0"};

bool is_lower(char c) {
  return c >= 'a' && c <= 'z';
}

std::string lower_case(std::string_view text) {
  std::string result(text);
  for (char& c : result)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return result;
}

bool ends_in_camel_case_id(std::string_view name) {
  if (name.size() < 3 || !is_lower(name[name.size() - 3])) return false;
  return name.ends_with("Id") || name.ends_with("ID");
}

bool all_whole_and_different(std::vector<double> numbers) {
  for (const double x : numbers)
    if (std::isnan(x) || x != std::floor(x)) return false;
  std::sort(numbers.begin(), numbers.end());
  return std::adjacent_find(numbers.begin(), numbers.end()) == numbers.end();
}

bool counts_rows(const std::vector<double>& numbers) {
  const double start = numbers.empty() ? -1 : numbers[0];
  if (start != 0 && start != 1) return false;
  for (size_t i = 0; i < numbers.size(); ++i)
    if (numbers[i] != start + static_cast<double>(i)) return false;
  return true;
}

bool has_no_name(const TextTable& table, int64_t column) {
  return table.names[column] == fmt::format("column_{}", column);
}

}  // namespace

bool sounds_like_identifier(std::string_view name) {
  const std::string lower = lower_case(name);
  if (std::find(kKeyNames.begin(), kKeyNames.end(), lower) != kKeyNames.end()) return true;
  return lower.ends_with("_id") || lower.ends_with(" id") || lower.ends_with("-id") ||
         lower.ends_with(".id") || lower.starts_with("id_") || ends_in_camel_case_id(name);
}

std::optional<std::string> explain_text_identifier(const std::string& name,
                                                   const Dictionary& dictionary) {
  const auto different = static_cast<int64_t>(dictionary.texts.size());
  const bool all = different == dictionary.num_present;
  const bool most = 2 * different > dictionary.num_present && dictionary.num_present >= kFewRows;
  if (!most && !(all && different > 1 && sounds_like_identifier(name))) return std::nullopt;
  size_t letters = 0;
  for (const std::string_view text : dictionary.texts) letters += text.size();
  const bool long_texts = letters > kLongText * dictionary.texts.size();
  return fmt::format("{} of {} {} differ: it names the rows", different, dictionary.num_present,
                     long_texts ? "texts (free text)" : "texts");
}

std::optional<std::string> explain_number_identifier(const TextTable& table, int64_t column,
                                                     const std::vector<double>& numbers) {
  const auto rows = static_cast<int64_t>(numbers.size());
  if (sounds_like_identifier(table.names[column])) {
    if (rows < 2 || !all_whole_and_different(numbers)) return std::nullopt;
    return "whole numbers that all differ: it names the rows";
  }
  if (!has_no_name(table, column) || !counts_rows(numbers)) return std::nullopt;
  const bool likely_index =
      table.has_header ? rows > 1 : rows >= kUnnamedRows && table.num_columns() > 2;
  if (column != 0 || !likely_index) return std::nullopt;
  return "counts the rows: it names them";
}

}  // namespace sinapse
