#include "explain/question.h"

#include <algorithm>

#include <fmt/format.h>

#include <sinapse/error.h>

#include "data/nearest.h"
#include "explain/answer_columns.h"

namespace sinapse {

namespace {

Question about_number(const TargetColumn& column, int64_t output) {
  switch (column.form) {
    case OutputForm::standardised:
    case OutputForm::relative:
      return {output, column.name, column.name, column.deviation, column.mean};
    case OutputForm::log:
    case OutputForm::log1p:
      return {output, column.name, "log " + column.name};
    default:
      return {output, column.name, "output"};
  }
}

int64_t class_of(const TargetColumn& column, const std::string& name,
                 const std::vector<double>& outputs) {
  if (name.empty()) return std::max_element(outputs.begin(), outputs.end()) - outputs.begin();
  const auto found = std::find(column.classes.begin(), column.classes.end(), name);
  if (found != column.classes.end()) return found - column.classes.begin();
  throw Error(ErrorCode::usage, fmt::format("\"{}\" has no class \"{}\".{}", column.name, name,
                                            did_you_mean(name, column.classes)));
}

}  // namespace

Question question_of(const Target& target, const std::string& target_name, const std::string& name,
                     const std::vector<double>& outputs) {
  const size_t place = target_place(target, target_name);
  const TargetColumn& column = target.columns()[place];
  if (target.task() == Task::multiclass) {
    const int64_t index = class_of(column, name, outputs);
    return {index, column.classes[static_cast<size_t>(index)], "logit"};
  }
  if (column.classes.empty()) return about_number(column, static_cast<int64_t>(place));
  // One output says which of two classes; the first is the second's opposite.
  const bool first = !name.empty() && class_of(column, name, {}) == 0;
  return {static_cast<int64_t>(place), column.classes[first ? 0 : 1],
          column.form == OutputForm::margin ? "score" : "log odds", first ? -1.0 : 1.0};
}

}  // namespace sinapse
