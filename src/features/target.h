// What is to be predicted: which task the target columns make, and how their cells and the
// network's outputs match.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <sinapse/loss.h>
#include <sinapse/table.h>
#include <sinapse/task.h>

#include "features/target_column.h"

namespace sinapse {

class TargetColumns;

struct TargetOptions {
  std::string target;              // a column's name or index, or several with commas
  std::optional<Task> task;        // absent: chosen by the columns
  std::optional<OutputForm> form;  // absent: the usual one of the task
};

/// One target column, or several. Without a forced task, texts and booleans are classes; so are
/// numbers that are whole, at most 20 different ones, and all of them frequent (or just two); other
/// numbers make a regression. Of several columns all must be numbers (a regression with an output
/// for each), or have two classes each (multilabel).
class Target {
 public:
  /// Mean and deviation come from the training rows. The classes come from the whole table, since
  /// which classes there are is part of the question: a rare one may stand outside the training
  /// rows. Throws Error(usage) for a misspelt column, Error(data) for columns from which nothing
  /// can be learned (constant, all missing), that do not fit the forced task or one another.
  static Target fit(const Table& table, const TargetOptions& options, const Rows& training_rows);

  /// The target of a data set that names its classes, such as images with labels; binary if there
  /// are two. Throws Error(data) for fewer, or a class that stands twice.
  static Target of_classes(std::string column, std::vector<std::string> classes);

  /// Several numbers, or one, that the network's outputs are as they stand.
  static Target of_numbers(const std::vector<std::string>& names);

  /// Of classes: probabilities or margin.
  void set_form(OutputForm form);

  /// The rows that have a target, or if `all_of_them` every target; the others can only be
  /// predicted.
  static Rows known_rows(const Table& table, const std::string& target, bool all_of_them = false);

  Task task() const { return task_; }
  OutputForm form() const { return columns_.front().form; }
  const std::vector<TargetColumn>& columns() const { return columns_; }
  std::vector<std::string> names() const;
  bool is_one() const { return columns_.size() == 1; }

  /// Of the first column, which is the only one but for multilabel, distribution and the
  /// regression of several numbers.
  const std::string& column() const { return columns_.front().name; }
  /// The texts as they stand in the file; in numeric order if all are numbers, else alphabetical.
  const std::vector<std::string>& classes() const { return columns_.front().classes; }
  float mean() const { return columns_.front().mean; }
  float deviation() const { return columns_.front().deviation; }

  int64_t num_outputs() const;                                             ///< of the network
  int64_t width() const { return static_cast<int64_t>(columns_.size()); }  ///< of encoded rows

  /// [rows, width]: for each row of the table and each column the class's index, or the number in
  /// the form of the outputs, such as (x - mean) / deviation; NaN where missing. A row that lacks
  /// one of the targets that it needs all of lacks all. Throws Error(data), with the place in the
  /// file, for a class the model does not know, and for a number that the form does not allow.
  std::vector<float> encode(const Table& table) const;
  /// The same, some rows at a time.
  void encode(const Table& table, const std::function<void(std::span<const float>)>& take) const;

  /// From outputs [rows, num_outputs] to the units of the columns, [rows, width]; for numbers.
  std::vector<float> decode(std::span<const float> outputs) const;
  /// Back from encode() to the units of the columns.
  std::vector<float> restore(std::span<const float> encoded) const;
  /// The same for one number of the first column.
  float decode(float output) const { return columns_.front().decode(output); }
  float restore(float encoded) const { return columns_.front().restore(encoded); }

  /// What the user should know: rows without a target, why numbers were taken as classes.
  const std::vector<std::string>& remarks() const { return remarks_; }

  std::string to_json() const;
  static Target from_json(const std::string& json);  ///< Throws Error(model).

 private:
  Task choose_task(const Table& table, const TargetColumns& columns);
  Task choose_task_of_one(const Column& column);
  void fit_numbers(const Table& table, const TargetColumns& columns, const Rows& rows);
  void fit_classes(const Table& table, const TargetColumns& columns, bool task_is_forced);
  void remark_missing(const Table& table, const TargetColumns& columns);

  Task task_ = Task::regression;
  std::vector<TargetColumn> columns_{1};
  std::vector<std::string> remarks_;
};

/// The form of outputs where the loss does not matter.
OutputForm usual_form(Task task);

/// Whether outputs of a task may have the form.
bool suits(OutputForm form, Task task);

/// The softmax of n numbers, computed in double.
void softmax(const float* logits, int64_t n, double* shares);

}  // namespace sinapse
