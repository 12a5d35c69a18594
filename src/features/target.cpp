#include "features/target.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <sinapse/error.h>

#include "features/match_columns.h"

namespace sinapse {

namespace {

constexpr size_t kMaxNumericClasses = 20;

[[noreturn]] void fail(const Table& table, const std::string& message) {
  const std::string place = table.source().empty() ? "" : table.source() + ": ";
  throw Error(ErrorCode::data, place + message);
}

bool is_missing(const ColumnCells& column, int64_t row) {
  return has_numbers(column->kind) ? std::isnan(column.number(row)) : column.code(row) < 0;
}

int64_t count_missing(const ColumnCells& column) {
  int64_t count = 0;
  for (int64_t row = 0; row < column.num_rows(); ++row) count += is_missing(column, row);
  return count;
}

// Class codes are few, whole, and none of them is a rare event; quantities have rare ends. A class
// may be 20 times rarer than in equal shares. Two different whole numbers are always classes.
bool look_like_classes(const ColumnCells& numbers) {
  std::map<double, int64_t> counts;
  int64_t rows = 0;
  for (int64_t row = 0; row < numbers.num_rows(); ++row) {
    const double x = numbers.number(row);
    if (std::isnan(x)) continue;
    if (std::trunc(x) != x || (!counts.contains(x) && counts.size() == kMaxNumericClasses))
      return false;
    ++counts[x];
    ++rows;
  }
  if (counts.size() <= 2) return counts.size() == 2;
  const auto rarest = std::min_element(counts.begin(), counts.end(), [](auto& a, auto& b) {
                        return a.second < b.second;
                      })->second;
  return rarest >= 2 && rarest * 20 * static_cast<int64_t>(counts.size()) >= rows;
}

std::optional<double> as_number(const std::string& text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole_text = error == std::errc() && end == text.data() + text.size();
  return whole_text && !std::isnan(value) ? std::optional(value) : std::nullopt;
}

void sort_classes(std::vector<std::string>& classes) {
  std::sort(classes.begin(), classes.end());
  const auto is_number = [](const std::string& text) { return as_number(text).has_value(); };
  if (std::all_of(classes.begin(), classes.end(), is_number))
    std::stable_sort(classes.begin(), classes.end(),
                     [](const auto& a, const auto& b) { return *as_number(a) < *as_number(b); });
}

// Numbers that all differ may have been taken for an identifier.
const Column* numeric_identifier(const Table& table, const Column& column, Column& converted) {
  if (column.kind != ColumnKind::identifier) return nullptr;
  try {
    converted = table.reinterpret_as(column, ColumnKind::number);
  } catch (const Error&) {
    return nullptr;
  }
  return &converted;
}

}  // namespace

Target Target::fit(const Table& table, const TargetOptions& options, const RowSet& training_rows) {
  const Column& own = table.column(options.target);
  Column converted;
  const Column* numeric = numeric_identifier(table, own, converted);
  const Column& column = numeric ? *numeric : own;

  Target target;
  target.column_.name = column.name;
  const int64_t missing = count_missing(column);
  if (missing == table.num_rows())
    fail(table, fmt::format("the target \"{}\" is missing in all {} rows", column.name, missing));
  if (missing > 0)
    target.remarks_.push_back(fmt::format("{} of {} rows lack the target \"{}\" and are left out.",
                                          missing, table.num_rows(), column.name));
  if (column.kind == ColumnKind::date)
    fail(table, fmt::format("the target \"{}\" is a date; replace it by a number, for example the "
                            "days from a fixed date, or by classes",
                            column.name));
  const bool numbers_as_classes =
      column.kind == ColumnKind::number && !options.task && look_like_classes(column);
  const bool regression = options.task ? *options.task == Task::regression
                                       : column.kind == ColumnKind::number && !numbers_as_classes;
  target.column_.form =
      options.form.value_or(regression ? OutputForm::standardised : OutputForm::probabilities);
  if (regression)
    target.fit_number(table, column, training_rows);
  else
    target.fit_classes(table, column, options.task);
  if (numbers_as_classes)
    target.remarks_.push_back(fmt::format(
        "The target \"{}\" has only {} different whole numbers: they are taken as classes "
        "(--task=regression predicts a number instead).",
        column.name, target.classes().size()));
  return target;
}

void Target::fit_number(const Table& table, const Column& column, const RowSet& rows) {
  Column converted;
  const Column* numbers = &column;
  if (column.kind != ColumnKind::number) {
    try {
      converted = table.reinterpret_as(column, ColumnKind::number);
    } catch (const Error& error) {
      throw Error(error.code(),
                  fmt::format("the target \"{}\" must be a number for regression. {} Classes are "
                              "predicted with --task=multiclass.",
                              column.name, error.what()));
    }
    numbers = &converted;
  }
  sinapse::fit_number(column_, table, *numbers, rows);
}

void Target::fit_classes(const Table& table, const Column& column, std::optional<Task> task) {
  std::vector<std::string>& classes = column_.classes;
  const bool has_texts = !has_numbers(column.kind) && column.kind != ColumnKind::identifier;
  classes =
      has_texts ? column.categories : table.reinterpret_as(column, ColumnKind::category).categories;
  sort_classes(classes);
  const auto num_classes = static_cast<int64_t>(classes.size());
  const int64_t num_rows = table.num_rows() - count_missing(column);
  if (num_classes < 2)
    fail(table,
         fmt::format("the target \"{}\" has one class only, \"{}\": there is nothing to learn",
                     column.name, classes.empty() ? "" : classes[0]));
  if (task == Task::binary && num_classes != 2)
    fail(table,
         fmt::format("the target \"{}\" has {} classes, {}, but --task=binary needs two; use "
                     "--task=multiclass",
                     column.name, num_classes,
                     fmt::join(classes.begin(),
                               classes.begin() + std::min<int64_t>(num_classes, 10), ", ")));
  if (num_classes > static_cast<int64_t>(kMaxNumericClasses) && num_classes > num_rows / 2)
    fail(table, fmt::format("the target \"{}\" has {} different texts in {} rows, too many for "
                            "classes; is it an identifier?",
                            column.name, num_classes, num_rows));
  task_ = task.value_or(num_classes == 2 ? Task::binary : Task::multiclass);
}

Target Target::of_classes(std::string column, std::vector<std::string> classes) {
  if (classes.size() < 2)
    throw Error(ErrorCode::data,
                fmt::format("the target \"{}\" needs two classes or more, but has {}", column,
                            classes.size()));
  std::vector<std::string> sorted = classes;
  std::sort(sorted.begin(), sorted.end());
  const auto twice = std::adjacent_find(sorted.begin(), sorted.end());
  if (twice != sorted.end())
    throw Error(ErrorCode::data,
                fmt::format("the class \"{}\" of the target \"{}\" stands twice", *twice, column));
  Target target;
  target.column_.name = std::move(column);
  target.task_ = classes.size() == 2 ? Task::binary : Task::multiclass;
  target.column_.classes = std::move(classes);
  target.column_.form = OutputForm::probabilities;
  return target;
}

std::vector<int64_t> Target::known_rows(const Table& table, const std::string& target) {
  const ColumnCells column(table.column(target));
  std::vector<int64_t> rows;
  for (int64_t row = 0; row < table.num_rows(); ++row)
    if (!is_missing(column, row)) rows.push_back(row);
  return rows;
}

int64_t Target::num_outputs() const {
  return task_ == Task::multiclass ? static_cast<int64_t>(classes().size()) : 1;
}

}  // namespace sinapse
