// Tries to read a column as numbers, block of rows by block of rows.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "data/text_table.h"

namespace sinapse {

class NumberScan {
 public:
  NumberScan(const TextTable& table, int64_t column) : table_(table), column_(column) {}

  /// Takes memory for all rows.
  void reserve();
  /// Reads the next rows up to `end`, unless a text has been met already.
  void scan(int64_t end);

  bool failed() const { return first_text_ >= 0; }
  bool found_numbers() const { return found_; }

  /// The first row whose cell is neither a number nor missing, or -1.
  int64_t first_text() const { return first_text_; }
  /// The first row whose number is beyond the range of double, or -1.
  int64_t first_infinite() const { return first_infinite_; }

  /// The values, NaN where missing. Throws Error(data) if the column had a text (only when it was
  /// required to be of numbers) or a number beyond the range of double.
  std::vector<double> take_numbers();

  /// The values read so far, whatever they are; goes on with row 0 of the next part of the file.
  std::vector<double> take_part() { return std::exchange(numbers_, {}); }

 private:
  int64_t scan_short_decimals(int64_t row, int64_t end);
  bool read(CellPosition cell, double& value);
  bool read_with_either_mark(std::string_view text, double& value);

  const TextTable& table_;
  int64_t column_;
  std::vector<double> numbers_;
  bool found_ = false;
  char decimal_mark_ = 0;  // '.' or ',' once a cell has shown it
  int64_t first_text_ = -1;
  int64_t first_infinite_ = -1;
};

/// Throw Error(data); `place` is that of the cell.
[[noreturn]] void fail_no_number(const std::string& place, std::string_view cell);
[[noreturn]] void fail_not_finite(const std::string& place, std::string_view cell);

/// Scans all columns, going through the cells in the order of the file.
std::vector<NumberScan> scan_numbers(const TextTable& table);

}  // namespace sinapse
