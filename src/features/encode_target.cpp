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

float standardised(const Target& target, const Table& table, int64_t row, double x) {
  const float y = to_float((x - double{target.mean()}) / double{target.deviation()});
  if (std::isinf(y))
    throw Error(ErrorCode::data, fmt::format("{}: the target \"{}\" is {}; it must be a finite "
                                             "number in the range of float",
                                             table.location(row), target.column(), x));
  return y;
}

}  // namespace

std::vector<float> Target::encode(const Table& table) const {
  require_column(table, column_);
  const MatchedColumns columns(table, {{column_, kind()}});
  const Column& column = columns[column_];
  std::vector<float> values;
  values.reserve(column.num_rows());
  const int64_t num_rows = column.num_rows();
  if (task_ == Task::regression) {
    for (int64_t row = 0; row < num_rows; ++row)
      values.push_back(standardised(*this, table, row, column.numbers[row]));
    return values;
  }
  const std::vector<int32_t> known = classes_of_codes(classes_, column);
  for (int64_t row = 0; row < num_rows; ++row) {
    const int32_t code = column.codes[row];
    if (code >= 0 && known[code] < 0) fail_unknown(*this, table, row, column.categories[code]);
    values.push_back(code < 0 ? kNaN : static_cast<float>(known[code]));
  }
  return values;
}

std::string Target::to_json() const {
  const nlohmann::json value = {{"version", 1},           {"column", column_},
                                {"task", name_of(task_)}, {"classes", classes_},
                                {"mean", mean_},          {"deviation", deviation_}};
  return to_json_text(value, "the target");
}

Target Target::from_json(const std::string& text) {
  const nlohmann::json value = parse_json_object(text, "the model's target");
  const JsonFields fields(value, "the model's target");
  fields.integer("version", 1, 1);
  Target target;
  target.column_ = fields.text("column");
  target.classes_ = fields.distinct_texts("classes");
  target.mean_ = to_float(fields.number("mean"));
  target.deviation_ = to_float(fields.positive_number("deviation"));
  if (!std::isfinite(target.mean_)) fields.fail("mean", "in the range of float");
  if (!std::isnormal(target.deviation_)) fields.fail("deviation", "in the range of float");
  const std::string task = fields.text("task");
  const bool known_task = task == "regression" || task == "binary" || task == "multiclass";
  if (!known_task) fields.fail("task", "regression, binary or multiclass");
  target.task_ = task_from_name(task);
  const size_t num_classes = target.classes_.size();
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
