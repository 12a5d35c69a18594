#include "data/cell.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>

#include <fast_float/fast_float.h>

namespace sinapse {

namespace {

constexpr std::array<std::string_view, 15> kMissingWords = {"na",   "n/a", "nan",  "null", "none",
                                                            "?",    "-",   "--",   "#n/a", "#na",
                                                            "<na>", "nil", "-nan", "nat",  "n.a."};

constexpr std::array<std::array<std::string_view, 2>, 5> kBooleanPairs = {
    {{"false", "true"}, {"f", "t"}, {"no", "yes"}, {"n", "y"}, {"off", "on"}}};

constexpr std::array<double, 2> kSigns = {1, -1};
constexpr std::array<double, 16> kPowersOfTen = {1e0, 1e1, 1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                                 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

constexpr bool kLittleEndian = std::endian::native == std::endian::little;

// Up to 8 characters, the first in the lowest byte, zeros above; reads no others.
uint64_t load_characters(std::string_view text) {
  const size_t n = text.size();
  const auto byte = [&](size_t i) {
    return uint64_t{static_cast<unsigned char>(text[i])} << 8 * i;
  };
  if (n < 4) return n == 0 ? 0 : byte(0) | byte(n / 2) | byte(n - 1);
  uint32_t low, high;
  std::memcpy(&low, text.data(), sizeof low);
  std::memcpy(&high, text.data() + n - sizeof high, sizeof high);
  return low | uint64_t{high} << 8 * (n - sizeof high);
}

// The high bit of each byte that is c; exact.
uint64_t bytes_equal(uint64_t word, char c) {
  constexpr uint64_t kLow7 = 0x7F7F7F7F7F7F7F7F;
  const uint64_t x = word ^ 0x0101010101010101 * static_cast<unsigned char>(c);
  return ~(((x & kLow7) + kLow7) | x | kLow7);
}

// Up to 8 characters, all digits but perhaps one decimal point: without a branch that depends on
// where the point stands or how many digits there are, since those are hard to predict.
bool read_word_as_decimal(std::string_view cell, char decimal_point, uint64_t& digits,
                          size_t& decimals) {
  constexpr uint64_t kZeros = 0x3030303030303030;
  uint64_t word = load_characters(cell);
  size_t count = cell.size();
  const uint64_t point = bytes_equal(word, decimal_point);
  const auto before = static_cast<size_t>(std::countr_zero(point)) / 8;  // 8 if there is none
  decimals = point == 0 ? 0 : count - before - 1;
  const uint64_t head = point == 0 ? ~uint64_t{0} : (uint64_t{1} << 8 * before) - 1;
  word = (word & head) | (word >> 8 & ~head);
  count -= point != 0;
  if (count == 0) return false;
  word = word << 8 * (8 - count) |
         (kZeros & ((uint64_t{1} << 4 * (8 - count) << 4 * (8 - count)) - 1));
  const uint64_t values = word ^ kZeros;  // 0 to 9 where a digit stands
  const bool all_digits = (((values + 0x0606060606060606) | values) & 0xF0F0F0F0F0F0F0F0) == 0;
  // Neighbours are joined: 8 digits, 4 pairs, 2 fours, 1 number.
  const uint64_t pairs = (values * 10 + (values >> 8)) & 0x00FF00FF00FF00FF;
  const uint64_t fours = (pairs * 100 + (pairs >> 16)) & 0x0000FFFF0000FFFF;
  digits = (fours * 10000 + (fours >> 32)) & 0xFFFFFFFF;
  return all_digits;
}

// Up to 15 digits: they and the power of ten are exact in double, so that one division rounds
// correctly (Clinger 1990). Nearly all cells are such numbers.
bool read_short_decimal(std::string_view cell, char decimal_point, double& value) {
  constexpr size_t kExactDigits = 15;
  const bool negative = cell.starts_with('-');
  cell.remove_prefix(negative);  // without a branch: signs are hard to predict
  if (cell.empty() || cell.size() > kExactDigits) return false;
  uint64_t digits = 0;
  if (size_t decimals = 0; kLittleEndian && cell.size() <= sizeof digits) {
    if (!read_word_as_decimal(cell, decimal_point, digits, decimals)) return false;
    value = static_cast<double>(digits) / kPowersOfTen[decimals] * kSigns[negative];
    return true;
  }
  size_t point = cell.size();
  for (size_t i = 0; i < cell.size(); ++i) {
    const unsigned digit = static_cast<unsigned char>(cell[i]) - unsigned{'0'};
    if (digit <= 9)
      digits = 10 * digits + digit;
    else if (cell[i] == decimal_point && point == cell.size())
      point = i;
    else
      return false;
  }
  const bool only_a_point = cell.size() == 1 && point == 0;
  if (only_a_point) return false;
  const size_t decimals = point == cell.size() ? 0 : cell.size() - point - 1;
  value = static_cast<double>(digits) / kPowersOfTen[decimals] * kSigns[negative];
  return true;
}

constexpr std::array<std::string_view, 8> kDress = {"$", "\u20AC", "\u00A3", "\u00A5",
                                                    "%", "USD",    "EUR",    "GBP"};
constexpr std::array<std::string_view, 5> kSpaces = {"\u00A0", "\u202F", "\u2009", "'", "\u2019"};

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (size_t at = 0; (at = text.find(from, at)) != text.npos; at += to.size())
    text.replace(at, from.size(), to);
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
  for (const std::string_view sign : kDress) replace_all(plain, sign, "");
  for (const std::string_view space : kSpaces) replace_all(plain, space, " ");
  plain = trimmed(plain);
  return is_number_in_groups(plain, ',', '.') || is_number_in_groups(plain, '.', ',') ||
         is_number_in_groups(plain, ' ', '.') || is_number_in_groups(plain, ' ', ',');
}

bool is_missing_word(std::string_view cell) {
  if (cell.empty()) return true;
  if (cell.size() > 4) return false;
  return std::any_of(kMissingWords.begin(), kMissingWords.end(),
                     [&](std::string_view word) { return is_word(cell, word); });
}

bool read_number(std::string_view cell, char decimal_point, double& value) {
  if (read_short_decimal(cell, decimal_point, value)) return true;
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
