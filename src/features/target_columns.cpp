#include "features/target_columns.h"

#include <algorithm>
#include <cmath>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <sinapse/error.h>

#include "features/match_columns.h"

namespace sinapse {

namespace {

bool has_column(const Table& table, const std::string& name) {
  return std::any_of(table.columns().begin(), table.columns().end(),
                     [&](const Column& column) { return column.name == name; });
}

// The names between commas; a comma within double quotes separates nothing.
std::vector<std::string> split_at_commas(const std::string& text) {
  std::vector<std::string> names(1);
  bool quoted = false;
  for (const char c : text) {
    if (c == '"') {
      quoted = !quoted;
    } else if (c == ',' && !quoted) {
      names.emplace_back();
    } else if (c != ' ' || !names.back().empty()) {
      names.back() += c;
    }
  }
  for (std::string& name : names) name.erase(name.find_last_not_of(' ') + 1);
  return names;
}

std::vector<const Column*> find_columns(const Table& table, const std::string& text) {
  if (has_column(table, text) || text.find(',') == std::string::npos) return {&table.column(text)};
  std::vector<const Column*> columns;
  std::set<const Column*> seen;
  for (const std::string& name : split_at_commas(text)) {
    if (name.empty()) {
      throw Error(ErrorCode::usage,
                  fmt::format("the targets \"{}\" have an empty name between commas", text));
    }
    columns.push_back(&table.column(name));
    if (!seen.insert(columns.back()).second) {
      throw Error(ErrorCode::usage, fmt::format("the target \"{}\" stands twice in \"{}\"",
                                                columns.back()->name, text));
    }
  }
  return columns;
}

constexpr size_t kMaxNamed = 3;

}  // namespace

TargetColumns::TargetColumns(const Table& table, const std::string& text) {
  for (const Column* column : find_columns(table, text)) add(table, *column);
}

// Numbers that all differ may have been taken for an identifier.
void TargetColumns::add(const Table& table, const Column& column) {
  columns_.push_back(&column);
  if (column.kind != ColumnKind::identifier) return;
  try {
    converted_.push_back(table.reinterpret_as(column, ColumnKind::number));
    columns_.back() = &converted_.back();
  } catch (const Error&) {  // then it is one
  }
}

std::vector<std::string> target_names(const Table& table, const std::string& text) {
  std::vector<std::string> names;
  for (const Column* column : find_columns(table, text)) names.push_back(column->name);
  return names;
}

std::string quoted_names(const std::vector<std::string>& names) {
  std::vector<std::string> quoted;
  for (const std::string& name : names) quoted.push_back(fmt::format("\"{}\"", name));
  if (quoted.size() <= kMaxNamed) return fmt::format("{}", fmt::join(quoted, ", "));
  return fmt::format("{} and {} others",
                     fmt::join(quoted.begin(), quoted.begin() + kMaxNamed - 1, ", "),
                     quoted.size() - kMaxNamed + 1);
}

bool is_missing(const ColumnCells& column, int64_t row) {
  return has_numbers(column->kind) ? std::isnan(column.number(row)) : column.code(row) < 0;
}

int64_t count_missing(const ColumnCells& column) {
  int64_t count = 0;
  for (int64_t row = 0; row < column.num_rows(); ++row) count += is_missing(column, row);
  return count;
}

namespace {

template <class Visit>
void visit_rows_with_targets(const Table& table, const TargetColumns& columns, bool all_of_them,
                             Visit&& visit) {
  std::vector<ColumnCells> cells;
  for (const Column* column : columns) cells.emplace_back(*column);
  for (int64_t row = 0; row < table.num_rows(); ++row) {
    const auto known = std::count_if(cells.begin(), cells.end(), [&](const ColumnCells& column) {
      return !is_missing(column, row);
    });
    if (all_of_them ? known == std::ssize(cells) : known > 0) visit(row);
  }
}

}  // namespace

Rows rows_with_targets(const Table& table, const TargetColumns& columns, bool all_of_them) {
  Rows rows;
  visit_rows_with_targets(table, columns, all_of_them, [&](int64_t row) { rows.push_back(row); });
  return rows;
}

int64_t count_rows_with_targets(const Table& table, const TargetColumns& columns,
                                bool all_of_them) {
  int64_t count = 0;
  visit_rows_with_targets(table, columns, all_of_them, [&](int64_t) { ++count; });
  return count;
}

}  // namespace sinapse
