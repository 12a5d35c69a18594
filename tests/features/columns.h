// Columns built in memory.
#pragma once

#include <cmath>
#include <limits>
#include <numeric>
#include <set>
#include <string>
#include <vector>

#include <sinapse/table.h>

namespace sinapse {

inline constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();

inline Column number_column(const std::string& name, std::vector<double> numbers) {
  Column column;
  column.name = name;
  column.numbers = std::move(numbers);
  return column;
}

/// An empty text is a missing cell.
inline Column text_column(const std::string& name, const std::vector<std::string>& cells,
                          ColumnKind kind = ColumnKind::category) {
  Column column;
  column.name = name;
  column.kind = kind;
  std::set<std::string> distinct(cells.begin(), cells.end());
  distinct.erase("");
  column.categories.assign(distinct.begin(), distinct.end());
  for (const std::string& cell : cells)
    column.codes.push_back(
        cell.empty() ? -1
                     : static_cast<int32_t>(std::distance(distinct.begin(), distinct.find(cell))));
  return column;
}

inline Column date_column(const std::string& name, std::vector<double> seconds,
                          const std::string& format = "%Y-%m-%d") {
  Column column = number_column(name, std::move(seconds));
  column.kind = ColumnKind::date;
  column.date_format = format;
  return column;
}

inline std::vector<int64_t> all_rows(int64_t count) {
  std::vector<int64_t> rows(count);
  std::iota(rows.begin(), rows.end(), 0);
  return rows;
}

}  // namespace sinapse
