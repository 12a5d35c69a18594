// The stored form of Target.
#include <cmath>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <sinapse/error.h>

#include "data/nearest.h"
#include "features/json_fields.h"
#include "features/number_feature.h"
#include "features/target.h"
#include "features/target_columns.h"

namespace sinapse {

namespace {

constexpr size_t kMaxTargets = 1 << 16;

nlohmann::json to_json(const TargetColumn& column) {
  return {{"column", column.name},
          {"classes", column.classes},
          {"mean", column.mean},
          {"deviation", column.deviation}};
}

std::vector<std::string> task_names() {
  std::vector<std::string> names;
  for (const Task task : kTasks) names.emplace_back(name_of(task));
  return names;
}

Task read_task(const JsonFields& fields) {
  const std::string name = fields.text("task");
  for (const Task task : kTasks)
    if (name == name_of(task)) return task;
  fields.fail("task", fmt::format("one of {}", fmt::join(task_names(), ", ")));
}

OutputForm read_form(const JsonFields& fields, Task task) {
  if (fields.find("form") == nullptr) return usual_form(task);
  const std::string name = fields.text("form");
  for (const OutputForm form : kOutputForms) {
    if (name == name_of(form) && suits(form, task)) return form;
  }
  fields.fail("form", "a form of outputs that suits the task");
}

TargetColumn read_column(const JsonFields& fields, Task task, OutputForm form) {
  TargetColumn column;
  column.name = fields.text("column");
  column.form = form;
  column.classes = fields.distinct_texts("classes");
  column.mean = to_float(fields.number("mean"));
  column.deviation = to_float(fields.positive_number("deviation"));
  if (!std::isfinite(column.mean)) fields.fail("mean", "in the range of float");
  if (!std::isnormal(column.deviation)) fields.fail("deviation", "in the range of float");
  const size_t num_classes = column.classes.size();
  const bool numbers = task == Task::regression || task == Task::distribution;
  if (numbers && num_classes != 0) fields.fail("classes", "empty");
  if ((task == Task::binary || task == Task::multilabel) && num_classes != 2)
    fields.fail("classes", "two texts");
  if (task == Task::multiclass && num_classes < 2) fields.fail("classes", "two texts or more");
  return column;
}

std::vector<TargetColumn> read_columns(const JsonFields& fields, Task task, OutputForm form) {
  const nlohmann::json& list = fields.list("columns");
  if (is_classification(task) || list.size() < 2 || list.size() > kMaxTargets)
    fields.fail("columns", "two target columns or more, and a task that predicts several");
  std::vector<TargetColumn> columns;
  std::set<std::string> names;
  for (const nlohmann::json& one : list) {
    columns.push_back(read_column(JsonFields(one, "a target of the model"), task, form));
    if (!names.insert(columns.back().name).second)
      fields.fail("columns", "targets of different names");
  }
  return columns;
}

}  // namespace

// Versions 2 and 3 tell readers that know of no forms, or of one target only, to keep away.
std::string Target::to_json() const {
  const int version = !is_one() ? 3 : form() == usual_form(task_) ? 1 : 2;
  nlohmann::json value = {
      {"version", version}, {"task", name_of(task_)}, {"form", name_of(form())}};
  if (is_one()) {
    value.update(sinapse::to_json(columns_.front()));
  } else {
    for (const TargetColumn& column : columns_)
      value["columns"].push_back(sinapse::to_json(column));
  }
  return to_json_text(value, "the target");
}

Target Target::from_json(const std::string& text) {
  const nlohmann::json value = parse_json_object(text, "the model's target");
  const JsonFields fields(value, "the model's target");
  fields.integer("version", 1, 3);
  Target target;
  target.task_ = read_task(fields);
  const OutputForm form = read_form(fields, target.task_);
  const bool several = fields.find("columns") != nullptr;
  if (!several && (target.task_ == Task::multilabel || needs_all_targets(form)))
    fields.fail("columns", "a list of the targets");
  target.columns_ = several ? read_columns(fields, target.task_, form)
                            : std::vector{read_column(fields, target.task_, form)};
  return target;
}

std::string_view name_of(Task task) {
  switch (task) {
    case Task::regression:
      return "regression";
    case Task::binary:
      return "binary";
    case Task::multiclass:
      return "multiclass";
    case Task::multilabel:
      return "multilabel";
    case Task::distribution:
      return "distribution";
  }
  return "";
}

Task task_from_name(std::string_view name) {
  for (const Task task : kTasks)
    if (name == name_of(task)) return task;
  throw Error(ErrorCode::usage,
              fmt::format("task \"{}\" is not known.{}", name, did_you_mean(name, task_names())));
}

}  // namespace sinapse
