#include "data/cell.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <fast_float/fast_float.h>

#include "data/short_decimal.h"

namespace sinapse {

namespace {

constexpr std::array<std::string_view, 15> kMissingWords = {"na",   "n/a", "nan",  "null", "none",
                                                            "?",    "-",   "--",   "#n/a", "#na",
                                                            "<na>", "nil", "-nan", "nat",  "n.a."};

constexpr std::string_view kFirstOfMissing = "nN?-#<";

constexpr std::array<std::array<std::string_view, 2>, 5> kBooleanPairs = {
    {{"false", "true"}, {"f", "t"}, {"no", "yes"}, {"n", "y"}, {"off", "on"}}};

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

constexpr std::array<std::string_view, 8> kDress = {"$", "\u20AC", "\u00A3", "\u00A5",
                                                    "%", "USD",    "EUR",    "GBP"};
constexpr std::array<std::string_view, 5> kSpaces = {"\u00A0", "\u202F", "\u2009", "'", "\u2019"};

std::string replace_all(std::string_view text, std::string_view from, std::string_view to) {
  std::string result;
  for (size_t at; (at = text.find(from)) != text.npos; text.remove_prefix(at + from.size())) {
    result.append(text.substr(0, at)).append(to);
  }
  return result.append(text);
}

// Removes the separators of thousands, if each stands between a digit and exactly three of them.
bool remove_groups(std::string& text, char separator) {
  const auto is_digit = [&](size_t i) {
    return i < text.size() && text[i] >= '0' && text[i] <= '9';
  };
  for (size_t at = 0; (at = text.find(separator, at)) != text.npos; ++at)
    if (at == 0 || !is_digit(at - 1) || !is_digit(at + 1) || !is_digit(at + 2) ||
        !is_digit(at + 3) || is_digit(at + 4))
      return false;
  std::erase(text, separator);
  return true;
}

bool is_number_in_groups(std::string text, char separator, char decimal_point) {
  const auto value =
      remove_groups(text, separator) ? parse_number(text, decimal_point) : std::nullopt;
  return value && std::isfinite(*value);
}

}  // namespace

bool is_word(std::string_view text, std::string_view lower_case) {
  return std::equal(text.begin(), text.end(), lower_case.begin(), lower_case.end(),
                    [](char a, char b) { return lower(a) == b; });
}

bool is_dressed_number(std::string_view text) {
  constexpr size_t kLongest = 40;
  if (text.size() > kLongest || text.find_first_of("0123456789") == text.npos) return false;
  std::string plain(text);
  for (const std::string_view sign : kDress) plain = replace_all(plain, sign, "");
  for (const std::string_view space : kSpaces) plain = replace_all(plain, space, " ");
  plain = trimmed(plain);
  return is_number_in_groups(plain, ',', '.') || is_number_in_groups(plain, '.', ',') ||
         is_number_in_groups(plain, ' ', '.') || is_number_in_groups(plain, ' ', ',');
}

bool is_missing_word(std::string_view cell) {
  if (cell.empty()) return true;
  if (cell.size() > 4 || kFirstOfMissing.find(cell[0]) == kFirstOfMissing.npos) return false;
  return std::any_of(kMissingWords.begin(), kMissingWords.end(),
                     [&](std::string_view word) { return is_word(cell, word); });
}

bool read_number(std::string_view cell, char decimal_point, double& value, size_t before) {
  if (read_short_decimal(cell, before, decimal_point, value)) return true;
  if (cell.size() > 1 && cell[0] == '+' && cell[1] != '-') cell.remove_prefix(1);
  const char* const end = cell.data() + cell.size();
  const fast_float::parse_options options(fast_float::chars_format::general, decimal_point);
  const auto result = fast_float::from_chars_advanced(cell.data(), end, value, options);
  return result.ec == std::errc() && result.ptr == end && !std::isnan(value);
}

std::optional<double> parse_number(std::string_view cell, char decimal_point) {
  double value = 0;
  return read_number(cell, decimal_point, value) ? std::optional(value) : std::nullopt;
}

bool is_boolean_pair(std::string_view a, std::string_view b) {
  return std::any_of(kBooleanPairs.begin(), kBooleanPairs.end(), [&](const auto& pair) {
    return (is_word(a, pair[0]) && is_word(b, pair[1])) ||
           (is_word(a, pair[1]) && is_word(b, pair[0]));
  });
}

std::string shortened(std::string_view cell) {
  constexpr size_t kMaxShown = 40;
  if (cell.size() <= kMaxShown) return std::string(cell);
  size_t end = kMaxShown;
  while (end > 0 && (static_cast<unsigned char>(cell[end]) & 0xC0) == 0x80) --end;  // whole letters
  return std::string(cell.substr(0, end)) + "...";
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

}  // namespace sinapse
