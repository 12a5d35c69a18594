#include "data/text_check.h"

#include <cstdint>
#include <cstring>
#include <utility>

#include <fmt/format.h>

#include <sinapse/error.h>

namespace sinapse {

namespace {

using namespace std::string_view_literals;

bool is_continuation(unsigned char c) {
  return (c & 0xC0) == 0x80;
}

// The length of the UTF-8 sequence at `p`, or 0 if it is none (Unicode 15, table 3-7).
size_t sequence_length(const unsigned char* p, size_t left) {
  const unsigned char first = p[0];
  if (first < 0x80) return 1;
  if (first < 0xC2 || first > 0xF4) return 0;
  const size_t length = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
  if (length > left) return 0;
  for (size_t i = 1; i < length; ++i)
    if (!is_continuation(p[i])) return 0;
  if (first == 0xE0 && p[1] < 0xA0) return 0;  // overlong
  if (first == 0xED && p[1] > 0x9F) return 0;  // surrogates
  if (first == 0xF0 && p[1] < 0x90) return 0;  // overlong
  if (first == 0xF4 && p[1] > 0x8F) return 0;  // above U+10FFFF
  return length;
}

size_t skip_ascii(std::string_view text, size_t position) {
  constexpr size_t kStep = 2 * sizeof(uint64_t);
  for (; position + kStep <= text.size(); position += kStep) {
    uint64_t words[2];
    std::memcpy(words, text.data() + position, kStep);
    if ((words[0] | words[1]) & 0x8080808080808080u) break;
  }
  return position;
}

[[noreturn]] void reject_utf16(const std::string& source) {
  throw Error(ErrorCode::data,
              fmt::format("{}: the text is UTF-16 or UTF-32, expected UTF-8. Save it as UTF-8, or "
                          "convert it: iconv -f UTF-16 -t UTF-8 FILE > NEW_FILE.",
                          source));
}

void reject_other_formats(std::string_view text, const std::string& source) {
  constexpr std::pair<std::string_view, std::string_view> kFormats[] = {
      {"PK\x03\x04", "an Excel workbook or another ZIP archive"},
      {"\xD0\xCF\x11\xE0", "an old Excel workbook"},
      {"PAR1", "a Parquet file"},
      {"SQLite format 3", "an SQLite database"}};
  for (const auto& [start, name] : kFormats)
    if (text.starts_with(start))
      throw Error(
          ErrorCode::data,
          fmt::format("{}: this is {}, expected text. Export the table as CSV.", source, name));
}

void reject_nul(std::string_view text, const std::string& source, int64_t lines_before = 0,
                uint64_t bytes_before = 0) {
  const size_t position = text.find('\0');
  if (position == std::string_view::npos) return;
  const bool looks_like_utf16 = bytes_before == 0 && position < 4 && text.size() > 3;
  if (looks_like_utf16) reject_utf16(source);
  throw Error(ErrorCode::data,
              fmt::format("{}:{}: NUL byte at offset {}: this is not a text file, "
                          "or it is damaged.",
                          source, lines_before + line_at(text, position), bytes_before + position));
}

void reject_other_encodings(std::string_view text, const std::string& source,
                            int64_t lines_before = 0) {
  const size_t position = find_invalid_utf8(text);
  if (position == std::string_view::npos) return;
  const size_t line_start = position == 0 ? 0 : text.find_last_of("\r\n", position - 1) + 1;
  throw Error(ErrorCode::data,
              fmt::format("{}:{}: byte {} of the line (0x{:02X}) is not UTF-8. If the file is "
                          "Latin-1, convert it: iconv -f ISO-8859-1 -t UTF-8 FILE > NEW_FILE.",
                          source, lines_before + line_at(text, position), position - line_start + 1,
                          static_cast<unsigned char>(text[position])));
}

}  // namespace

int64_t line_at(std::string_view text, size_t position) {
  int64_t line = 1;
  for (size_t i = 0; i < position; ++i) {
    const bool ends = text[i] == '\n' || (text[i] == '\r' && text.substr(i + 1, 1) != "\n");
    line += ends ? 1 : 0;
  }
  return line;
}

size_t find_invalid_utf8(std::string_view text) {
  const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
  size_t position = 0;
  while ((position = skip_ascii(text, position)) < text.size()) {
    const size_t length = sequence_length(bytes + position, text.size() - position);
    if (length == 0) return position;
    position += length;
  }
  return std::string_view::npos;
}

std::string_view without_byte_order_mark(std::string_view text) {
  return text.starts_with("\xEF\xBB\xBF"sv) ? text.substr(3) : text;
}

size_t check_text(std::string_view text, const std::string& source) {
  if (text.starts_with("\xFF\xFE"sv) || text.starts_with("\xFE\xFF"sv)) reject_utf16(source);
  reject_other_formats(text, source);
  reject_nul(text, source);
  reject_other_encodings(text, source);
  const size_t start = text.starts_with("\xEF\xBB\xBF"sv) ? 3 : 0;
  if (text.find_first_not_of(" \t\r\n", start) == std::string_view::npos)
    throw Error(ErrorCode::data, fmt::format("{}: the file is empty.", source));
  return start;
}

void check_more_text(std::string_view text, const std::string& source, int64_t lines_before,
                     uint64_t bytes_before) {
  reject_nul(text, source, lines_before, bytes_before);
  reject_other_encodings(text, source, lines_before);
}

}  // namespace sinapse
