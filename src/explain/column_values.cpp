#include "explain/column_values.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <sinapse/error.h>

#include "data/column_cells.h"
#include "data/date.h"
#include "data/nearest.h"
#include "features/match_columns.h"
#include "train/encode.h"

namespace sinapse {

namespace {

constexpr size_t kMostCategories = 30;

std::string text_of(ColumnKind kind, double number) {
  if (std::isnan(number)) return "missing";
  return kind == ColumnKind::date ? format_date(number) : fmt::format("{:.6g}", number);
}

std::vector<double> sorted_numbers(const Column& column) {
  const ColumnCells cells(column);
  std::vector<double> numbers;
  for (int64_t row = 0; row < cells.num_rows(); ++row)
    if (std::isfinite(cells.number(row))) numbers.push_back(cells.number(row));
  std::sort(numbers.begin(), numbers.end());
  return numbers;
}

// How often each category occurs; the last entry counts missing cells.
std::vector<int64_t> count_codes(const Column& column) {
  const ColumnCells cells(column);
  std::vector<int64_t> counts(column.categories.size() + 1);
  for (int64_t row = 0; row < cells.num_rows(); ++row) {
    const int32_t code = cells.code(row);
    ++counts[code < 0 ? counts.size() - 1 : static_cast<size_t>(code)];
  }
  return counts;
}

// The most frequent, in their own order.
std::vector<size_t> frequent(const std::vector<int64_t>& counts, size_t most) {
  std::vector<size_t> order(counts.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](size_t a, size_t b) { return counts[a] > counts[b]; });
  while (!order.empty() && (order.size() > most || counts[order.back()] == 0)) order.pop_back();
  std::sort(order.begin(), order.end());
  return order;
}

ColumnValues with_texts(ColumnKind kind, std::vector<double> numbers) {
  ColumnValues values{.kind = kind, .numbers = std::move(numbers)};
  for (const double number : values.numbers) values.texts.push_back(text_of(kind, number));
  return values;
}

// A column of the expected kind whose cells are missing.
Column blank(const std::string& name, ColumnKind kind, size_t rows) {
  Column column;
  column.name = name;
  column.kind = kind;
  if (has_numbers(kind))
    column.numbers.assign(rows, std::nan(""));
  else
    column.codes.assign(rows, -1);
  return column;
}

void fill(Column& column, const ColumnValues& values) {
  if (has_numbers(column.kind)) {
    column.numbers = values.numbers;
    return;
  }
  for (size_t i = 0; i < values.size(); ++i) {
    if (values.texts[i].empty()) continue;  // missing
    column.codes[i] = static_cast<int32_t>(column.categories.size());
    column.categories.push_back(values.texts[i]);
  }
}

}  // namespace

std::string cell_text(const Column& column, int64_t row) {
  const ColumnCells cells(column);
  if (has_numbers(column.kind)) return text_of(column.kind, cells.number(row));
  const int32_t code = cells.code(row);
  return code < 0 ? "missing" : column.categories[static_cast<size_t>(code)];
}

ColumnValues typical_values(const Column& column, int64_t most, double low, double high) {
  if (!has_numbers(column.kind)) {
    ColumnValues values{.kind = column.kind};
    for (const size_t code : frequent(count_codes(column), kMostCategories))
      values.texts.push_back(code < column.categories.size() ? column.categories[code] : "");
    return values;
  }
  const std::vector<double> sorted = sorted_numbers(column);
  std::vector<double> numbers;
  for (int64_t i = 0; i < most && !sorted.empty(); ++i) {
    const double share =
        most == 1 ? (low + high) / 2
                  : low + (high - low) * static_cast<double>(i) / static_cast<double>(most - 1);
    const double number =
        sorted[static_cast<size_t>(std::lround(share * static_cast<double>(sorted.size() - 1)))];
    if (numbers.empty() || number > numbers.back()) numbers.push_back(number);
  }
  return with_texts(column.kind, std::move(numbers));
}

ColumnValues spaced_values(const Column& column, int64_t count) {
  if (!has_numbers(column.kind)) return typical_values(column, count, 0, 1);
  const std::vector<double> sorted = sorted_numbers(column);
  if (sorted.empty()) return {.kind = column.kind};
  const double margin = 0.05 * (sorted.back() - sorted.front());
  const double first = sorted.front() - margin, last = sorted.back() + margin;
  std::vector<double> numbers;
  for (int64_t i = 0; i < count; ++i)
    numbers.push_back(first + (last - first) * static_cast<double>(i) /
                                  static_cast<double>(std::max<int64_t>(1, count - 1)));
  return with_texts(column.kind, std::move(numbers));
}

Dataset encode_values(const Features& features, const std::string& column,
                      const ColumnValues& values) {
  std::vector<Column> columns;
  for (const auto& [name, kind] : features.kinds()) {
    columns.push_back(blank(name, kind, values.size()));
    if (name == column) fill(columns.back(), values);
  }
  return encode_inputs(features, Table(std::move(columns)));
}

Dataset encode_typical_row(const Features& features, const Table& table) {
  const MatchedColumns matched(table, features.kinds());
  std::vector<Column> columns;
  for (const auto& [name, kind] : features.kinds()) {
    columns.push_back(blank(name, kind, 1));
    ColumnValues values;
    if (has_numbers(kind)) {
      values = typical_values(matched[name], 1, 0.5, 0.5);
    } else {
      const std::vector<size_t> code = frequent(count_codes(matched[name]), 1);
      if (!code.empty() && code[0] < matched[name].categories.size())
        values.texts.push_back(matched[name].categories[code[0]]);
    }
    if (values.size() == 1) fill(columns.back(), values);
  }
  return encode_inputs(features, Table(std::move(columns)));
}

std::string input_column(const Features& features, const std::string& name) {
  std::vector<std::string> names;
  for (const auto& [known, kind] : features.kinds()) names.push_back(known);
  if (std::find(names.begin(), names.end(), name) != names.end()) return name;
  throw Error(ErrorCode::usage,
              fmt::format("The model reads no column \"{}\".{}", name, did_you_mean(name, names)));
}

}  // namespace sinapse
