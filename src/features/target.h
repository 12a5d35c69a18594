// The column to predict: which task it makes, and how its cells and the network's outputs match.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <sinapse/table.h>

namespace sinapse {

enum class Task : uint8_t {
  regression,  ///< a number; one output
  binary,      ///< one of two classes; one output, the logit of the second class
  multiclass,  ///< one of several classes; one output, a logit, for each
};

std::string_view name_of(Task task);

/// "regression", "binary" or "multiclass". Throws Error(usage) for another name.
Task task_from_name(std::string_view name);

struct TargetOptions {
  std::string target;        // a column's name or index
  std::optional<Task> task;  // absent: chosen by the column
};

/// Without a forced task, texts and booleans are classes; so are numbers that are whole, at most 20
/// different ones, and all of them frequent (or just two); other numbers make a regression.
class Target {
 public:
  /// Mean and deviation come from the training rows. The classes come from the whole table, since
  /// which classes there are is part of the question: a rare one may stand outside the training
  /// rows. Throws Error(usage) for a misspelt column, Error(data) for a column from which nothing
  /// can be learned (constant, all missing) or that does not fit the forced task.
  static Target fit(const Table& table, const TargetOptions& options,
                    std::span<const int64_t> training_rows);

  /// The target of a data set that names its classes, such as images with labels; binary if there
  /// are two. Throws Error(data) for fewer, or a class that stands twice.
  static Target of_classes(std::string column, std::vector<std::string> classes);

  /// The rows that have a target; the others can only be predicted.
  static std::vector<int64_t> known_rows(const Table& table, const std::string& target);

  Task task() const { return task_; }
  const std::string& column() const { return column_; }
  ColumnKind kind() const;  ///< how to read the column: ReadOptions::kinds
  /// The texts as they stand in the file; in numeric order if all are numbers, else alphabetical.
  const std::vector<std::string>& classes() const { return classes_; }
  int64_t num_outputs() const;

  /// For each row of the table the class's index, or (x - mean) / deviation; NaN where missing.
  /// Throws Error(data) for a class the model does not know, with its place in the file.
  std::vector<float> encode(const Table& table) const;

  /// Back from a standardised output to the unit of the column; for regression.
  float decode(float output) const { return output * deviation_ + mean_; }

  float mean() const { return mean_; }
  float deviation() const { return deviation_; }

  /// What the user should know: rows without a target, why numbers were taken as classes.
  const std::vector<std::string>& remarks() const { return remarks_; }

  std::string to_json() const;
  static Target from_json(const std::string& json);  ///< Throws Error(model).

 private:
  void fit_number(const Table& table, const Column& column, std::span<const int64_t> rows);
  void fit_classes(const Table& table, const Column& column, std::optional<Task> task);

  std::string column_;
  Task task_ = Task::regression;
  std::vector<std::string> classes_;
  float mean_ = 0, deviation_ = 1;
  std::vector<std::string> remarks_;
};

}  // namespace sinapse
