#include "report/column_summary.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "data/column_cells.h"
#include "features/match_columns.h"

namespace sinapse {

namespace {

constexpr size_t kBars = 16;

void summarize_numbers(const std::vector<double>& values, ColumnSummary& summary) {
  if (values.empty()) return;
  double sum = 0, squares = 0;
  summary.low = std::numeric_limits<double>::infinity();
  summary.high = -summary.low;
  for (const double value : values) {
    sum += value;
    summary.low = std::min(summary.low, value);
    summary.high = std::max(summary.high, value);
  }
  const auto count = static_cast<double>(values.size());
  summary.mean = sum / count;
  for (const double value : values) squares += std::pow(value - summary.mean, 2);
  summary.deviation = std::sqrt(squares / count);
  summary.bars.assign(kBars, 0);
  const double width = summary.high - summary.low;
  for (const double value : values) {
    const double place = width > 0 ? (value - summary.low) / width * kBars : 0;
    ++summary.bars[std::min(static_cast<size_t>(place), kBars - 1)];
  }
}

void summarize_codes(const std::vector<int64_t>& counts, const Column& column,
                     ColumnSummary& summary) {
  for (size_t c = 0; c < counts.size(); ++c) {
    if (counts[c] > 0) summary.frequent.emplace_back(column.categories[c], counts[c]);
  }
  summary.distinct = static_cast<int64_t>(summary.frequent.size());
  std::stable_sort(summary.frequent.begin(), summary.frequent.end(),
                   [](const auto& a, const auto& b) { return a.second > b.second; });
  summary.frequent.resize(std::min(summary.frequent.size(), kBars));
  for (const auto& [name, count] : summary.frequent) {
    summary.bars.push_back(static_cast<double>(count));
  }
}

}  // namespace

ColumnSummary summarize(const Column& column, int64_t rows, bool on_disk) {
  const ColumnCells cells(column);
  const int64_t all = cells.num_rows();
  const int64_t step =
      on_disk ? 1 : std::max<int64_t>(1, (all + rows - 1) / std::max<int64_t>(rows, 1));
  const int64_t end = on_disk ? std::min(all, rows) : all;
  ColumnSummary summary;
  if (column.kind == ColumnKind::empty) {
    summary.rows = summary.missing = all;
    return summary;
  }
  std::vector<double> numbers;
  std::vector<int64_t> counts(column.categories.size());
  for (int64_t row = 0; row < end; row += step) {
    ++summary.rows;
    if (has_numbers(column.kind)) {
      const double value = cells.number(row);
      if (std::isfinite(value)) numbers.push_back(value);
      if (std::isnan(value)) ++summary.missing;
    } else {
      const int32_t code = cells.code(row);
      if (code < 0) ++summary.missing;
      if (code >= 0) ++counts[static_cast<size_t>(code)];
    }
  }
  if (has_numbers(column.kind)) summarize_numbers(numbers, summary);
  if (!has_numbers(column.kind)) summarize_codes(counts, column, summary);
  return summary;
}

}  // namespace sinapse
