#include "explain/answer_columns.h"

#include <algorithm>

#include <fmt/format.h>

#include <sinapse/error.h>

#include "data/nearest.h"
#include "ops/scalars.h"
#include "train/metrics.h"

namespace sinapse {

size_t target_place(const Target& target, const std::string& name) {
  if (name.empty()) return 0;
  const std::vector<std::string> names = target.names();
  const auto found = std::find(names.begin(), names.end(), name);
  if (found != names.end()) return static_cast<size_t>(found - names.begin());
  throw Error(ErrorCode::usage,
              fmt::format("The model has no target \"{}\".{}", name, did_you_mean(name, names)));
}

AnswerColumns answer_columns(std::span<const float> outputs, const Target& target, size_t place) {
  const TargetColumn& column = target.columns()[place];
  if (target.task() == Task::multiclass)
    return {.names = column.classes, .values = probabilities_of(outputs, target)};
  const auto width = static_cast<size_t>(target.width());
  AnswerColumns answers{.names = {column.name}, .values = {}};
  if (column.classes.empty()) {
    const std::vector<float> decoded = target.decode(outputs);
    for (size_t i = place; i < decoded.size(); i += width) answers.values.push_back(decoded[i]);
    return answers;
  }
  answers.names = {column.classes[1]};
  const bool margin = column.form == OutputForm::margin;
  for (size_t i = place; i < outputs.size(); i += width)
    answers.values.push_back(margin ? double{outputs[i]} : sigmoid(double{outputs[i]}));
  return answers;
}

}  // namespace sinapse
