// The column to predict: which task it makes, and how its cells and the network's outputs match.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <sinapse/loss.h>
#include <sinapse/table.h>
#include <sinapse/task.h>

#include "features/target_column.h"

namespace sinapse {

struct TargetOptions {
  std::string target;              // a column's name or index
  std::optional<Task> task;        // absent: chosen by the column
  std::optional<OutputForm> form;  // absent: standardised, or probabilities
};

/// Without a forced task, texts and booleans are classes; so are numbers that are whole, at most 20
/// different ones, and all of them frequent (or just two); other numbers make a regression.
class Target {
 public:
  /// Mean and deviation come from the training rows. The classes come from the whole table, since
  /// which classes there are is part of the question: a rare one may stand outside the training
  /// rows. Throws Error(usage) for a misspelt column, Error(data) for a column from which nothing
  /// can be learned (constant, all missing) or that does not fit the forced task.
  static Target fit(const Table& table, const TargetOptions& options, const RowSet& training_rows);

  /// The target of a data set that names its classes, such as images with labels; binary if there
  /// are two. Throws Error(data) for fewer, or a class that stands twice.
  static Target of_classes(std::string column, std::vector<std::string> classes);

  /// Of classes: probabilities or margin.
  void set_form(OutputForm form) { column_.form = form; }

  /// The rows that have a target; the others can only be predicted.
  static std::vector<int64_t> known_rows(const Table& table, const std::string& target);

  Task task() const { return task_; }
  OutputForm form() const { return column_.form; }
  const std::string& column() const { return column_.name; }
  const TargetColumn& details() const { return column_; }
  ColumnKind kind() const { return column_.kind(); }  ///< how to read the column
  /// The texts as they stand in the file; in numeric order if all are numbers, else alphabetical.
  const std::vector<std::string>& classes() const { return column_.classes; }
  int64_t num_outputs() const;

  /// For each row of the table the class's index, or the number in the form of the outputs, such
  /// as (x - mean) / deviation; NaN where missing. Throws Error(data), with the place in the file,
  /// for a class the model does not know, and for a number that the form does not allow.
  std::vector<float> encode(const Table& table) const;

  /// Back from an output to the unit of the column; for regression.
  float decode(float output) const { return column_.decode(output); }
  /// Back from encode() to the unit of the column.
  float restore(float encoded) const { return column_.restore(encoded); }

  float mean() const { return column_.mean; }
  float deviation() const { return column_.deviation; }

  /// What the user should know: rows without a target, why numbers were taken as classes.
  const std::vector<std::string>& remarks() const { return remarks_; }

  std::string to_json() const;
  static Target from_json(const std::string& json);  ///< Throws Error(model).

 private:
  void fit_number(const Table& table, const Column& column, const RowSet& rows);
  void fit_classes(const Table& table, const Column& column, std::optional<Task> task);

  Task task_ = Task::regression;
  TargetColumn column_;
  std::vector<std::string> remarks_;
};

}  // namespace sinapse
