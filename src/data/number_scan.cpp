#include "data/number_scan.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include <sinapse/error.h>

#include "data/cell.h"
#include "data/huge_pages.h"

namespace sinapse {

namespace {

constexpr int64_t kBlockCells = 32768;  // what stays in the cache while the columns are scanned

}  // namespace

void NumberScan::scan(int64_t end) {
  if (failed()) return;
  reserve_in_huge_pages(numbers_, static_cast<size_t>(table_.num_rows()));
  for (auto row = static_cast<int64_t>(numbers_.size()); row < end; ++row) {
    double value = 0;
    if (!read(table_.position(row, column_), value)) {
      first_text_ = row;
      return;
    }
    if (std::isinf(value) && first_infinite_ < 0) first_infinite_ = row;
    numbers_.push_back(value);
  }
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
  const int64_t step =
      std::max<int64_t>(kBlockCells / std::max<int64_t>(table.num_columns(), 1), 1);
  for (int64_t end = 0; end < table.num_rows();) {
    end = std::min(end + step, table.num_rows());
    for (NumberScan& scan : scans) scan.scan(end);
  }
  return scans;
}

}  // namespace sinapse
