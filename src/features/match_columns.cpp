#include "features/match_columns.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <sinapse/error.h>

#include "data/nearest.h"

namespace sinapse {

namespace {

constexpr size_t kMaxNamed = 10;

std::string listed(const std::vector<std::string>& names) {
  const std::vector<std::string> shown(
      names.begin(),
      names.begin() + static_cast<std::ptrdiff_t>(std::min(names.size(), kMaxNamed)));
  std::string text = fmt::format("{}", fmt::join(shown, ", "));
  if (shown.size() < names.size()) text += fmt::format(" and {} more", names.size() - shown.size());
  return text;
}

// By name only: Table::find would also take "3" as an index.
std::map<std::string, const Column*> by_name(const Table& table) {
  std::map<std::string, const Column*> columns;
  for (const Column& column : table.columns()) columns[column.name] = &column;
  return columns;
}

std::string file_of(const Table& table) {
  return table.source().empty() ? "the table" : table.source();
}

// Adds the unknown column of nearly that name.
std::string described(const std::string& missing, const std::vector<std::string>& unknown) {
  const auto similar = nearest_name(missing, unknown);
  return similar ? fmt::format("\"{}\" (renamed to \"{}\"?)", missing, *similar)
                 : fmt::format("\"{}\"", missing);
}

void require_all(const Table& table, const std::map<std::string, ColumnKind>& expected) {
  const auto present = by_name(table);
  std::vector<std::string> missing, unknown, quoted;
  for (const Column& column : table.columns())
    if (!expected.contains(column.name)) unknown.push_back(column.name);
  for (const auto& [name, kind] : expected)
    if (!present.contains(name)) missing.push_back(described(name, unknown));
  if (missing.empty()) return;
  for (const std::string& name : unknown) quoted.push_back(fmt::format("\"{}\"", name));
  const std::string others = unknown.empty() ? "has no other columns"
                                             : fmt::format("has {} the model does not know: {}",
                                                           unknown.size(), listed(quoted));
  throw Error(
      ErrorCode::data,
      fmt::format("{}: the model expects {}, but {} of them {} missing: {}. "
                  "The file {}. Rename or add the columns.",
                  file_of(table),
                  expected.size() == 1 ? "1 input column"
                                       : fmt::format("{} input columns", expected.size()),
                  missing.size(), missing.size() == 1 ? "is" : "are", listed(missing), others));
}

Column blank(const Column& column, ColumnKind kind) {
  Column result;
  result.name = column.name;
  result.kind = kind;
  if (column.stored)
    result.stored = column.stored;
  else if (has_numbers(kind))
    result.numbers.assign(column.num_rows(), std::nan(""));
  else
    result.codes.assign(column.num_rows(), -1);
  return result;
}

}  // namespace

MatchedColumns::MatchedColumns(const Table& table,
                               const std::map<std::string, ColumnKind>& expected) {
  require_all(table, expected);
  const auto present = by_name(table);
  for (const auto& [name, kind] : expected)
    columns_[name] = as_kind(table, *present.at(name), kind);
}

const Column* MatchedColumns::as_kind(const Table& table, const Column& column, ColumnKind kind) {
  const bool without_texts = column.kind == ColumnKind::identifier && column.stored != nullptr;
  const bool both_texts = !has_numbers(kind) && !has_numbers(column.kind) && !without_texts;
  if (column.kind == ColumnKind::empty)
    converted_.push_back(blank(column, kind));
  else if (column.kind == kind || both_texts)
    return &column;
  else
    converted_.push_back(
        table.reinterpret_as(column, has_numbers(kind) ? kind : ColumnKind::category));
  return &converted_.back();
}

}  // namespace sinapse
