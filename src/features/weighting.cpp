#include "features/weighting.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include <sinapse/error.h>

#include "data/column_cells.h"
#include "data/nearest.h"
#include "features/json_fields.h"
#include "features/target_columns.h"

namespace sinapse {

namespace {

Column numbers_of(const Table& table, const std::string& name) {
  const Column& column = table.column(name);
  if (column.kind == ColumnKind::number) return column;
  try {
    return table.reinterpret_as(column, ColumnKind::number);
  } catch (const Error& error) {
    throw Error(error.code(),
                fmt::format("the weights \"{}\" must be numbers. {}", column.name, error.what()));
  }
}

// Of the column's rows: every stride-th of the encoded numbers.
std::vector<double> balanced_weights(size_t num_classes, std::span<const float> encoded,
                                     size_t stride) {
  std::vector<double> counts(num_classes);
  double rows = 0;
  for (size_t i = 0; i < encoded.size(); i += stride) {
    if (std::isnan(encoded[i])) continue;
    ++counts[static_cast<size_t>(encoded[i])];
    ++rows;
  }
  const auto present = static_cast<double>(
      std::count_if(counts.begin(), counts.end(), [](double count) { return count > 0; }));
  std::vector<double> weights;
  for (const double count : counts) weights.push_back(count > 0 ? rows / (present * count) : 1);
  return weights;
}

std::vector<std::string> classes_of(const Target& target) {
  std::vector<std::string> all;
  for (const TargetColumn& column : target.columns()) {
    all.insert(all.end(), column.classes.begin(), column.classes.end());
  }
  return all;
}

std::vector<double> named_weights(const ClassWeights& wanted, const Target& target) {
  const std::vector<std::string> classes = classes_of(target);
  std::vector<double> weights(classes.size(), 1.0);
  for (const auto& [name, weight] : wanted.by_class) {
    if (std::find(classes.begin(), classes.end(), name) == classes.end()) {
      throw Error(ErrorCode::usage,
                  fmt::format("class_weight names the class \"{}\", which the target {} does "
                              "not have.{}",
                              name, quoted_names(target.names()), did_you_mean(name, classes)));
    }
    if (!(weight >= 0) || std::isinf(weight)) {
      throw Error(
          ErrorCode::usage,
          fmt::format("class_weight of \"{}\" must be at least 0, but is {}.", name, weight));
    }
    for (size_t i = 0; i < classes.size(); ++i) {
      if (classes[i] == name) weights[i] = weight;
    }
  }
  if (std::all_of(weights.begin(), weights.end(), [](double w) { return w == 0; })) {
    throw Error(ErrorCode::usage, "class_weight is 0 for all classes: there is nothing to learn.");
  }
  return weights;
}

bool has_classes(const Target& target) {
  return is_classification(target.task()) || target.task() == Task::multilabel;
}

}  // namespace

std::vector<double> weights_in(const Table& table, const std::string& name,
                               std::span<const int64_t> rows) {
  const Column column = numbers_of(table, name);
  const ColumnCells cells(column);
  std::vector<double> weights(static_cast<size_t>(table.num_rows()));  // 0: a row that is not used
  for (const int64_t row : rows) {
    const double weight = weights[row] = cells.number(row);
    if (weight >= 0 && std::isfinite(weight)) continue;
    throw Error(ErrorCode::data,
                fmt::format("{}: the weight \"{}\" {}", table.location(row), column.name,
                            std::isnan(weight) ? "is missing; 0 leaves a row out"
                                               : fmt::format("is {}, but must be a finite number "
                                                             "of at least 0",
                                                             weight)));
  }
  return weights;
}

std::vector<double> class_weights_of(const ClassWeights& wanted, const Target& target,
                                     std::span<const float> encoded) {
  if (wanted.empty()) return {};
  if (!has_classes(target)) {
    throw Error(ErrorCode::usage,
                fmt::format("class_weight needs targets with classes, but the task is {}.",
                            name_of(target.task())));
  }
  if (!wanted.balanced) return named_weights(wanted, target);
  const std::vector<TargetColumn>& columns = target.columns();
  std::vector<double> weights;
  for (size_t c = 0; c < columns.size(); ++c) {
    const auto of_column = balanced_weights(
        columns[c].classes.size(), encoded.subspan(std::min(c, encoded.size())), columns.size());
    weights.insert(weights.end(), of_column.begin(), of_column.end());
  }
  return weights;
}

std::string Weighting::to_json() const {
  const nlohmann::json value = {
      {"version", 1}, {"column", column}, {"class_weights", class_weights}};
  return to_json_text(value, "the weights of rows");
}

Weighting Weighting::from_json(const std::string& json, const Target& target) {
  const nlohmann::json value = parse_json_object(json, "the model's weights of rows");
  const JsonFields fields(value, "the model's weights of rows");
  fields.integer("version", 1, 1);
  Weighting weighting{.column = fields.text("column"), .class_weights = {}};
  for (const nlohmann::json& weight : fields.list("class_weights")) {
    if (!weight.is_number() || !(weight.get<double>() >= 0))
      fields.fail("class_weights", "a list of numbers of at least 0");
    weighting.class_weights.push_back(weight.get<double>());
  }
  const size_t count = weighting.class_weights.size();
  if (count != 0 && (!has_classes(target) || count != classes_of(target).size()))
    fields.fail("class_weights", "a number for each class");
  return weighting;
}

}  // namespace sinapse
