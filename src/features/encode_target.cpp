// Target::encode and the stored form of Target.
#include <algorithm>
#include <cmath>
#include <limits>
#include <string_view>
#include <unordered_map>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <sinapse/error.h>

#include "data/nearest.h"
#include "features/json_fields.h"
#include "features/match_columns.h"
#include "features/number_feature.h"
#include "features/target.h"

namespace sinapse {

namespace {

constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();

void require_column(const Table& table, const std::string& target) {
  std::vector<std::string> names;
  for (const Column& column : table.columns()) names.push_back(column.name);
  if (std::find(names.begin(), names.end(), target) != names.end()) return;
  throw Error(ErrorCode::data,
              fmt::format("{}: the target column \"{}\" is missing, and without it nothing can be "
                          "compared.{}",
                          table.source().empty() ? "the table" : table.source(), target,
                          did_you_mean(target, names)));
}

// The class of each code, -1 for texts that are no class.
std::vector<int32_t> classes_of_codes(const std::vector<std::string>& classes,
                                      const Column& column) {
  std::unordered_map<std::string_view, int32_t> index;
  for (const std::string& name : classes) index.emplace(name, static_cast<int32_t>(index.size()));
  std::vector<int32_t> result;
  for (const std::string& text : column.categories) {
    const auto found = index.find(text);
    result.push_back(found == index.end() ? -1 : found->second);
  }
  return result;
}

constexpr size_t kMaxShown = 10;

[[noreturn]] void fail_unknown(const Target& target, const Table& table, int64_t row,
                               const std::string& text) {
  const std::vector<std::string>& known = target.classes();
  const auto end = known.begin() + static_cast<std::ptrdiff_t>(std::min(known.size(), kMaxShown));
  throw Error(
      ErrorCode::data,
      fmt::format("{}: the target \"{}\" is \"{}\", a class the model does not know. It knows {} "
                  "classes: {}{}.{}",
                  table.location(row), target.column(), text, known.size(),
                  fmt::join(known.begin(), end, ", "), end == known.end() ? "" : ", ...",
                  did_you_mean(text, known)));
}

float encoded(const TargetColumn& target, const Table& table, int64_t row, double x) {
  const std::string_view problem = objection(target.form, x);
  const float y = target.encode(x);
  if (problem.empty() && !std::isinf(y)) return y;
  throw Error(ErrorCode::data,
              fmt::format("{}: the target \"{}\" is {}; it {}", table.location(row), target.name, x,
                          problem.empty() ? "must be a finite number in the range of float"
                                          : fmt::format("{} for the model's loss", problem)));
}

}  // namespace

std::vector<float> Target::encode(const Table& table) const {
  require_column(table, column_.name);
  const MatchedColumns columns(table, {{column_.name, kind()}});
  const ColumnCells column(columns[column_.name]);
  std::vector<float> values;
  values.reserve(column.num_rows());
  const int64_t num_rows = column.num_rows();
  if (task_ == Task::regression) {
    for (int64_t row = 0; row < num_rows; ++row)
      values.push_back(encoded(column_, table, row, column.number(row)));
    return values;
  }
  const std::vector<int32_t> known = classes_of_codes(classes(), column.column());
  for (int64_t row = 0; row < num_rows; ++row) {
    const int32_t code = column.code(row);
    if (code >= 0 && known[code] < 0) fail_unknown(*this, table, row, column->categories[code]);
    values.push_back(code < 0 ? kNaN : static_cast<float>(known[code]));
  }
  return values;
}

namespace {

OutputForm usual_form(Task task) {
  return task == Task::regression ? OutputForm::standardised : OutputForm::probabilities;
}

}  // namespace

// Version 2 tells readers that know of no forms to keep away.
std::string Target::to_json() const {
  const int version = column_.form == usual_form(task_) ? 1 : 2;
  const nlohmann::json value = {{"version", version},
                                {"column", column_.name},
                                {"task", name_of(task_)},
                                {"form", name_of(column_.form)},
                                {"classes", column_.classes},
                                {"mean", column_.mean},
                                {"deviation", column_.deviation}};
  return to_json_text(value, "the target");
}

namespace {

bool suits(OutputForm form, Task task) {
  if (task == Task::regression) return form < OutputForm::probabilities;
  return form == OutputForm::probabilities || (form == OutputForm::margin && task == Task::binary);
}

OutputForm read_form(const JsonFields& fields, Task task) {
  if (fields.find("form") == nullptr) return usual_form(task);
  const std::string name = fields.text("form");
  for (const OutputForm form : kOutputForms) {
    if (name == name_of(form) && suits(form, task)) return form;
  }
  fields.fail("form", "a form of outputs that suits the task");
}

}  // namespace

Target Target::from_json(const std::string& text) {
  const nlohmann::json value = parse_json_object(text, "the model's target");
  const JsonFields fields(value, "the model's target");
  fields.integer("version", 1, 2);
  Target target;
  TargetColumn& column = target.column_;
  column.name = fields.text("column");
  column.classes = fields.distinct_texts("classes");
  column.mean = to_float(fields.number("mean"));
  column.deviation = to_float(fields.positive_number("deviation"));
  if (!std::isfinite(column.mean)) fields.fail("mean", "in the range of float");
  if (!std::isnormal(column.deviation)) fields.fail("deviation", "in the range of float");
  const std::string task = fields.text("task");
  const bool known_task = task == "regression" || task == "binary" || task == "multiclass";
  if (!known_task) fields.fail("task", "regression, binary or multiclass");
  target.task_ = task_from_name(task);
  column.form = read_form(fields, target.task_);
  const size_t num_classes = column.classes.size();
  if (target.task_ == Task::regression && num_classes != 0) fields.fail("classes", "empty");
  if (target.task_ == Task::binary && num_classes != 2) fields.fail("classes", "two texts");
  if (target.task_ == Task::multiclass && num_classes < 2)
    fields.fail("classes", "two texts or more");
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
  }
  return "";
}

Task task_from_name(std::string_view name) {
  for (const Task task : {Task::regression, Task::binary, Task::multiclass})
    if (name == name_of(task)) return task;
  throw Error(ErrorCode::usage,
              fmt::format("task \"{}\" is not known.{}", name,
                          did_you_mean(name, {"regression", "binary", "multiclass"})));
}

}  // namespace sinapse
