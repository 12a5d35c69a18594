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

std::vector<double> balanced_weights(const std::vector<double>& counts) {
  double rows = 0;
  for (const double count : counts) rows += count;
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

WeightCells::WeightCells(const Table& table, const std::string& column)
    : table_(table), column_(numbers_of(table, column)), cells_(column_) {}

double WeightCells::at(int64_t row) const {
  const double weight = cells_.number(row);
  if (weight >= 0 && std::isfinite(weight)) return weight;
  throw Error(ErrorCode::data,
              fmt::format("{}: the weight \"{}\" {}", table_.location(row), column_.name,
                          std::isnan(weight) ? "is missing; 0 leaves a row out"
                                             : fmt::format("is {}, but must be a finite number "
                                                           "of at least 0",
                                                           weight)));
}

std::vector<double> weights_in(const Table& table, const std::string& column, const Rows& rows) {
  const WeightCells cells(table, column);
  std::vector<double> weights(static_cast<size_t>(table.num_rows()));
  for (const int64_t row : rows) weights[row] = cells.at(row);
  return weights;
}

CountedClasses::CountedClasses(const Target& target) {
  for (const TargetColumn& column : target.columns()) counts_.emplace_back(column.classes.size());
}

void CountedClasses::add(std::span<const float> encoded) {
  for (size_t i = 0; i < encoded.size(); ++i) {
    std::vector<double>& counts = counts_[i % counts_.size()];
    if (!counts.empty() && !std::isnan(encoded[i])) ++counts[static_cast<size_t>(encoded[i])];
  }
}

std::vector<double> class_weights_of(const ClassWeights& wanted, const Target& target,
                                     const CountedClasses& counted) {
  if (wanted.empty()) return {};
  if (!has_classes(target)) {
    throw Error(ErrorCode::usage,
                fmt::format("class_weight needs targets with classes, but the task is {}.",
                            name_of(target.task())));
  }
  if (!wanted.balanced) return named_weights(wanted, target);
  std::vector<double> weights;
  for (const std::vector<double>& counts : counted.by_target()) {
    const std::vector<double> of_column = balanced_weights(counts);
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
