// Writing to standard output and standard error.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sinapse::cli {

/// Results go to standard output. Throws Error(file) if it cannot be written.
void print(std::string_view text);

/// Throws Error(file) if something printed did not arrive, as on a full disk.
void flush_output();

/// Text on standard error, if it can still be written: a terminal that is gone stops nothing.
void print_progress(std::string_view text);

/// "sinapse: error: ..." on standard error; control characters are replaced.
void print_error(std::string_view message);

/// "sinapse: note: ..." on standard error.
void print_note(std::string_view message);
void print_notes(const std::vector<std::string>& messages);

/// The text without characters that would steer a terminal.
std::string printable(std::string_view text);

enum class Align { left, right };

/// Rows of cells as lines of columns two spaces apart; row 0 is the head.
std::string format_table(const std::vector<std::vector<std::string>>& rows,
                         const std::vector<Align>& alignment);

/// 1234567 → "1,234,567"
std::string with_thousands(int64_t number);

/// How many columns a UTF-8 text takes on a terminal: its code points.
size_t display_width(std::string_view text);

}  // namespace sinapse::cli
