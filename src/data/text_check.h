// Is this a text file that the table readers can take?
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace sinapse {

/// The 1-based line on which a position stands; lines end with LF, CR LF or CR.
int64_t line_at(std::string_view text, size_t position);

/// The position of the first byte that is not UTF-8, or npos.
size_t find_invalid_utf8(std::string_view text);

/// Checks for an empty file, UTF-16 and UTF-32, NUL bytes, and bytes that are not UTF-8; returns
/// where the text starts, i.e. behind a byte order mark. Throws Error(data) with file and line.
size_t check_text(std::string_view text, const std::string& source);

std::string_view without_byte_order_mark(std::string_view text);

/// Checks a later part of a text, which begins a line: for NUL bytes and bytes that are not UTF-8.
void check_more_text(std::string_view text, const std::string& source, int64_t lines_before,
                     uint64_t bytes_before);

}  // namespace sinapse
