#include "data/identifier.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

namespace sinapse {

namespace {

constexpr int64_t kFewRows = 20;      // below, every text may differ by chance
constexpr int64_t kLongText = 50;     // letters on average
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

bool is_whole(double x) {
  return x == std::floor(x);  // false for NaN
}

bool has_no_name(const TextTable& table, int64_t column) {
  return table.names[column] == fmt::format("column_{}", column);
}

}  // namespace

bool all_whole_and_different(std::vector<double> numbers) {
  if (!std::all_of(numbers.begin(), numbers.end(), is_whole)) return false;
  std::sort(numbers.begin(), numbers.end());
  return std::adjacent_find(numbers.begin(), numbers.end()) == numbers.end();
}

bool counts_rows(const std::vector<double>& numbers) {
  NumberFacts facts;
  facts.add(numbers);
  return facts.counts_rows();
}

void NumberFacts::add(std::span<const double> numbers) {
  for (const double x : numbers) {
    if (rows_ == 0) first_ = x, counts_rows_ = x == 0 || x == 1;
    counts_rows_ &= x == first_ + static_cast<double>(rows_);
    whole_ &= is_whole(x);
    rising_ &= rows_ == 0 || x > last_;
    last_ = x;
    ++rows_;
  }
}

// Where they do not rise: share by share of the numbers, so that each fits.
bool NumberFacts::all_whole_and_different(const BlockFile<double>& file, int64_t column,
                                          size_t memory) const {
  if (!whole_ || rising_) return whole_;
  const uint64_t bytes = static_cast<uint64_t>(rows_) * sizeof(double);
  const uint64_t shares = 2 * bytes / std::max<uint64_t>(memory, 1) + 1;
  for (uint64_t share = 0; share < shares; ++share) {
    std::vector<double> numbers;
    file.visit(column, [&](std::span<const double> cells) {
      for (const double x : cells)
        if (std::hash<double>()(x) % shares == share) numbers.push_back(x);
    });
    if (!sinapse::all_whole_and_different(std::move(numbers))) return false;
  }
  return true;
}

bool sounds_like_identifier(std::string_view name) {
  const std::string lower = lower_case(name);
  if (std::find(kKeyNames.begin(), kKeyNames.end(), lower) != kKeyNames.end()) return true;
  return lower.ends_with("_id") || lower.ends_with(" id") || lower.ends_with("-id") ||
         lower.ends_with(".id") || lower.starts_with("id_") || ends_in_camel_case_id(name);
}

std::optional<std::string> explain_text_identifier(const std::string& name, int64_t present,
                                                   int64_t different, int64_t letters) {
  const bool all = different == present;
  const bool most = 2 * different > present && present >= kFewRows;
  if (!most && !(all && different > 1 && sounds_like_identifier(name))) return std::nullopt;
  const bool long_texts = letters > kLongText * different;
  return fmt::format("{} of {} {} differ: it names the rows", different, present,
                     long_texts ? "texts (free text)" : "texts");
}

std::optional<std::string> explain_number_identifier(
    const TextTable& table, int64_t column, int64_t rows,
    const std::function<bool()>& all_whole_and_different, const std::function<bool()>& count_rows) {
  if (sounds_like_identifier(table.names[column])) {
    if (rows < 2 || !all_whole_and_different()) return std::nullopt;
    return "whole numbers that all differ: it names the rows";
  }
  const bool likely_index =
      table.has_header ? rows > 1 : rows >= kUnnamedRows && table.num_columns() > 2;
  if (column != 0 || !has_no_name(table, column) || !likely_index) return std::nullopt;
  if (!count_rows()) return std::nullopt;
  return "counts the rows: it names them";
}

}  // namespace sinapse
