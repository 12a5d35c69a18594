#include "features/target.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <sinapse/error.h>

#include "features/match_columns.h"
#include "features/target_columns.h"

namespace sinapse {

namespace {

[[noreturn]] void fail(const Table& table, const std::string& message) {
  const std::string place = table.source().empty() ? "" : table.source() + ": ";
  throw Error(ErrorCode::data, place + message);
}

void require_cells(const Table& table, const Column& column) {
  if (count_missing(column) == table.num_rows())
    fail(table,
         fmt::format("the target \"{}\" is missing in all {} rows", column.name, table.num_rows()));
  if (column.kind == ColumnKind::date)
    fail(table, fmt::format("the target \"{}\" is a date; replace it by a number, for example the "
                            "days from a fixed date, or by classes",
                            column.name));
}

bool is_one_of_two(const Table& table, const Column& column) {
  if (column.kind == ColumnKind::number)
    return look_like_classes(column) && classes_in(table, column).size() == 2;
  return column.categories.size() == 2;
}

std::string kind_text(const Table& table, const Column& column) {
  if (is_one_of_two(table, column)) return fmt::format("\"{}\" has two classes", column.name);
  if (column.kind == ColumnKind::number) return fmt::format("\"{}\" is a number", column.name);
  return fmt::format("\"{}\" has {} classes", column.name, column.categories.size());
}

void require_number_of_columns(Task task, OutputForm form, const std::vector<std::string>& names) {
  if (is_classification(task) && names.size() > 1) {
    throw Error(ErrorCode::usage,
                fmt::format("task {} predicts one target, but {} are given, {}; several are "
                            "predicted by regression, multilabel or distribution.",
                            name_of(task), names.size(), quoted_names(names)));
  }
  if (needs_all_targets(form) && names.size() == 1) {
    throw Error(ErrorCode::usage,
                fmt::format("{} are several columns, as in --target a,b,c, but only {} is given.",
                            task == Task::distribution ? "the shares of a whole"
                                                       : "the numbers of a direction",
                            quoted_names(names)));
  }
}

void require_two_classes(const Table& table, const TargetColumn& column, Task task) {
  const size_t count = column.classes.size();
  if (count == 2) return;
  fail(table,
       fmt::format(
           "the target \"{}\" has {} classes, {}, but --task={} needs two; {}", column.name, count,
           fmt::join(column.classes.begin(), column.classes.begin() + std::min<size_t>(count, 10),
                     ", "),
           name_of(task),
           task == Task::binary ? "use --task=multiclass" : "predict it in a run of its own"));
}

}  // namespace

Target Target::of_numbers(const std::vector<std::string>& names) {
  Target target;
  target.columns_.clear();
  for (const std::string& name : names) target.columns_.push_back({.name = name});
  return target;
}

Target Target::fit(const Table& table, const TargetOptions& options, const Rows& training_rows) {
  const TargetColumns columns(table, options.target);
  for (const Column* column : columns) require_cells(table, *column);
  Target target;
  target.columns_.resize(columns.size());
  for (size_t i = 0; i < columns.size(); ++i) target.columns_[i].name = columns[i].name;
  target.task_ = options.task ? *options.task : target.choose_task(table, columns);
  if (target.task_ == Task::multilabel && target.is_one()) target.task_ = Task::binary;
  target.set_form(options.form.value_or(usual_form(target.task_)));
  require_number_of_columns(target.task_, target.form(), target.names());
  target.remark_missing(table, columns);
  if (target.task_ == Task::regression || target.task_ == Task::distribution)
    target.fit_numbers(table, columns, training_rows);
  else
    target.fit_classes(table, columns, options.task.has_value());
  return target;
}

void Target::remark_missing(const Table& table, const TargetColumns& columns) {
  const bool needs_all = needs_all_targets(form());
  const int64_t rows = table.num_rows();
  const int64_t known = count_rows_with_targets(table, columns, needs_all);
  if (known == 0)
    fail(table, fmt::format("no row has {} the targets {}", needs_all ? "all of" : "any of",
                            quoted_names(names())));
  if (known < rows)
    remarks_.insert(remarks_.begin(),
                    fmt::format("{} of {} rows lack {} {} and are left out.", rows - known, rows,
                                is_one()    ? "the target"
                                : needs_all ? "one of the targets"
                                            : "all of the targets",
                                quoted_names(names())));
  if (is_one() || needs_all) return;
  int64_t missing = -(rows - known) * width();
  for (const Column* column : columns) missing += count_missing(*column);
  if (missing > 0)
    remarks_.push_back(
        fmt::format("{} cells of the targets are missing in rows that have others: "
                    "loss and metrics leave them out.",
                    missing));
}

Task Target::choose_task_of_one(const Column& column) {
  if (column.kind != ColumnKind::number) return Task::multiclass;
  return look_like_classes(column) ? Task::multiclass : Task::regression;
}

// Two classes make the task binary once the classes are known.
Task Target::choose_task(const Table& table, const TargetColumns& columns) {
  if (columns.size() == 1) return choose_task_of_one(columns[0]);
  const auto is_number = [](const Column* column) { return column->kind == ColumnKind::number; };
  const auto is_label = [&](const Column* column) { return is_one_of_two(table, *column); };
  const bool numbers = std::all_of(columns.begin(), columns.end(), is_number);
  if (std::all_of(columns.begin(), columns.end(), is_label)) {
    if (numbers)
      remarks_.push_back(fmt::format(
          "The targets {} have two different whole numbers each: they are taken as classes "
          "(--task=regression predicts numbers instead).",
          quoted_names(names())));
    return Task::multilabel;
  }
  if (numbers) return Task::regression;
  std::vector<std::string> kinds;
  for (const Column* column : columns) kinds.push_back(kind_text(table, *column));
  fail(table, fmt::format("several targets must all be numbers (regression) or all have two "
                          "classes (multilabel), but {}; predict them in runs of their own",
                          fmt::join(kinds, ", ")));
}

void Target::fit_numbers(const Table& table, const TargetColumns& columns, const Rows& rows) {
  for (size_t i = 0; i < columns.size(); ++i) {
    Column converted;
    const Column* numbers = &columns[i];
    if (numbers->kind != ColumnKind::number) {
      try {
        converted = table.reinterpret_as(*numbers, ColumnKind::number);
      } catch (const Error& error) {
        throw Error(error.code(), fmt::format("the target \"{}\" must be a number for {}. {} "
                                              "Classes are predicted with --task={}.",
                                              numbers->name, name_of(task_), error.what(),
                                              is_one() ? "multiclass" : "multilabel"));
      }
      numbers = &converted;
    }
    fit_number(columns_[i], table, *numbers, rows);
  }
}

void Target::fit_classes(const Table& table, const TargetColumns& columns, bool task_is_forced) {
  for (size_t i = 0; i < columns.size(); ++i) {
    TargetColumn& column = columns_[i];
    column.classes = classes_in(table, columns[i]);
    const size_t num_classes = column.classes.size();
    const int64_t num_rows = table.num_rows() - count_missing(columns[i]);
    if (num_classes < 2)
      fail(table,
           fmt::format("the target \"{}\" has one class only, \"{}\": there is nothing to learn",
                       column.name, column.classes.empty() ? "" : column.classes[0]));
    if (task_ != Task::multiclass) require_two_classes(table, column, task_);
    if (num_classes > kMaxNumericClasses && num_classes > static_cast<size_t>(num_rows / 2))
      fail(table, fmt::format("the target \"{}\" has {} different texts in {} rows, too many for "
                              "classes; is it an identifier?",
                              column.name, num_classes, num_rows));
  }
  if (task_is_forced || !is_one()) return;
  if (classes().size() == 2) task_ = Task::binary;
  if (columns[0].kind == ColumnKind::number)
    remarks_.push_back(fmt::format(
        "The target \"{}\" has only {} different whole numbers: they are taken as classes "
        "(--task=regression predicts a number instead).",
        column(), classes().size()));
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
  target.task_ = classes.size() == 2 ? Task::binary : Task::multiclass;
  target.columns_[0].name = std::move(column);
  target.columns_[0].classes = std::move(classes);
  target.columns_[0].form = OutputForm::probabilities;
  return target;
}

void Target::set_form(OutputForm form) {
  for (TargetColumn& column : columns_) column.form = form;
}

Rows Target::known_rows(const Table& table, const std::string& target, bool all_of_them) {
  return rows_with_targets(table, TargetColumns(table, target), all_of_them);
}

std::vector<std::string> Target::names() const {
  std::vector<std::string> names;
  for (const TargetColumn& column : columns_) names.push_back(column.name);
  return names;
}

int64_t Target::num_outputs() const {
  return task_ == Task::multiclass ? static_cast<int64_t>(classes().size()) : width();
}

OutputForm usual_form(Task task) {
  if (task == Task::distribution) return OutputForm::distribution;
  return task == Task::regression ? OutputForm::standardised : OutputForm::probabilities;
}

bool suits(OutputForm form, Task task) {
  switch (form) {
    case OutputForm::probabilities:
      return is_classification(task) || task == Task::multilabel;
    case OutputForm::margin:
      return task == Task::binary || task == Task::multilabel;
    case OutputForm::distribution:
      return task == Task::distribution;
    default:
      return task == Task::regression;
  }
}

}  // namespace sinapse
