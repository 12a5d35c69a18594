#include "data/number_scan.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include <sinapse/error.h>

#include "data/cell.h"
#include "data/huge_pages.h"
#include "data/row_blocks.h"
#include "data/short_decimal.h"

namespace sinapse {

void NumberScan::scan(int64_t end) {
  if (failed()) return;
  auto row = static_cast<int64_t>(numbers_.size());
  if (row == 0) reserve();
  numbers_.resize(static_cast<size_t>(end));
  for (; row < end; ++row) {
    row = scan_short_decimals(row, end);
    if (row == end) return;
    double& value = numbers_[row];
    if (!read(table_.position(row, column_), value)) {
      first_text_ = row;
      numbers_.resize(static_cast<size_t>(row));
      return;
    }
    if (std::isinf(value) && first_infinite_ < 0) first_infinite_ = row;
  }
}

void NumberScan::reserve() {
  reserve_in_huge_pages(numbers_, static_cast<size_t>(table_.num_rows()));
}

// The first row that holds something else.
int64_t NumberScan::scan_short_decimals(int64_t row, int64_t end) {
  const char mark = table_.delimiter == ';' ? decimal_mark_ : '.';
  if (mark == 0) return row;  // the first cells show which it is
  const int64_t first = row;
  const char* const text = table_.text.data();
  const CellPosition* cell = table_.cells.data() + table_.num_header_cells +
                             static_cast<size_t>(row * table_.num_columns() + column_);
  double* const values = numbers_.data();
  for (const int64_t step = table_.num_columns(); row < end; ++row, cell += step) {
    const std::string_view digits(text + cell->begin, cell->length);
    if (!read_short_decimal(digits, cell->begin, mark, values[row])) break;
  }
  found_ |= row > first;
  return row;
}

bool NumberScan::read(CellPosition cell, double& value) {
  const std::string_view text = table_.text_of(cell);
  const bool number = table_.delimiter == ';' ? read_with_either_mark(text, value)
                                              : read_number(text, '.', value, cell.begin);
  found_ |= number;
  if (number) return true;
  value = std::numeric_limits<double>::quiet_NaN();
  return table_.is_missing(cell);
}

// A column of a table cut by semicolons may use decimal commas or decimal points, but not both.
bool NumberScan::read_with_either_mark(std::string_view text, double& value) {
  char mark = '.';
  if (!read_number(text, mark, value) && !read_number(text, mark = ',', value)) return false;
  if (text.find(mark) == text.npos) return true;
  if (decimal_mark_ != 0 && mark != decimal_mark_) return false;
  decimal_mark_ = mark;
  return true;
}

std::vector<double> NumberScan::take_numbers() {
  if (failed())
    fail_no_number(table_.location(first_text_, column_), table_.cell(first_text_, column_));
  if (first_infinite_ >= 0)
    fail_not_finite(table_.location(first_infinite_, column_),
                    table_.cell(first_infinite_, column_));
  return std::move(numbers_);
}

void fail_no_number(const std::string& place, std::string_view cell) {
  throw Error(ErrorCode::data,
              fmt::format("{}: expected a number, found \"{}\". Correct the cell, or read the "
                          "column as categories.",
                          place, shortened(cell)));
}

void fail_not_finite(const std::string& place, std::string_view cell) {
  throw Error(ErrorCode::data, fmt::format("{}: {} is not a finite number (the largest is "
                                           "1.8e308). Correct the cell, or leave it empty.",
                                           place, shortened(cell)));
}

std::vector<NumberScan> scan_numbers(const TextTable& table) {
  std::vector<NumberScan> scans;
  for (int64_t i = 0; i < table.num_columns(); ++i) scans.emplace_back(table, i);
  for (NumberScan& scan : scans) scan.reserve();  // all at once: neighbours share huge pages
  for_each_row_block(table, [&](int64_t, int64_t end) {
    for (NumberScan& scan : scans) scan.scan(end);
  });
  return scans;
}

}  // namespace sinapse
