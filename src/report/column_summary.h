// What stands in a column, in a few numbers.
#pragma once

#include <string>
#include <vector>

#include <sinapse/table.h>

namespace sinapse {

struct ColumnSummary {
  int64_t rows = 0;                                   // that were looked at
  int64_t missing = 0;                                // of them
  double low = 0, high = 0, mean = 0, deviation = 0;  // of numbers and dates
  std::vector<double> bars;  // how many rows lie in each of equal parts, or have each category
  std::vector<std::pair<std::string, int64_t>> frequent;  // categories, the most frequent first
  int64_t distinct = 0;                                   // categories that occur
};

/// Looks at `rows` rows at most, evenly spaced; of a table on disk at the first ones.
ColumnSummary summarize(const Column& column, int64_t rows, bool on_disk);

}  // namespace sinapse
