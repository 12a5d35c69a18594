#include "features/features.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <sinapse/error.h>

namespace sinapse {

namespace {

std::set<std::string> column_names(const Table& table, const std::vector<std::string>& wanted) {
  std::set<std::string> names;
  for (const std::string& name : wanted) names.insert(table.column(name).name);
  return names;
}

void append_names(const CategoryFeature& feature, std::vector<std::string>& names) {
  for (const std::string& category : feature.categories)
    names.push_back(feature.column + " = " + category);
  if (feature.has_missing_place) names.push_back(feature.column + " is missing");
  names.push_back(feature.column + " is unknown");
}

}  // namespace

Features Features::fit(const Table& table, const RowSet& training_rows,
                       const FeatureOptions& options) {
  if (training_rows.empty())
    throw Error(ErrorCode::data, "no training rows to learn features from");
  std::set<std::string> left_out = column_names(table, options.ignore);
  if (!options.target.empty()) left_out.insert(table.column(options.target).name);
  const std::set<std::string> categorical = column_names(table, options.categorical);

  Features features;
  for (const Column& column : table.columns()) {
    if (left_out.contains(column.name)) continue;
    const bool convert = categorical.contains(column.name) && column.kind != ColumnKind::category;
    if (convert && column.kind != ColumnKind::empty)
      features.add(table.reinterpret_as(column, ColumnKind::category), training_rows,
                   options.max_one_hot);
    else
      features.add(column, training_rows, options.max_one_hot);
  }
  features.lay_out();
  if (features.names_.empty() && features.embedded_.empty())
    throw Error(ErrorCode::data, fmt::format("{}: no input column is left to learn from. {}",
                                             table.source().empty() ? "the table" : table.source(),
                                             fmt::join(features.remarks_, " ")));
  return features;
}

void Features::add(const Column& column, const RowSet& rows, int64_t max_one_hot) {
  std::string remark;
  const auto keep = [](auto feature, auto& features) {
    if (feature) features.push_back(*std::move(feature));
    return feature.has_value();
  };
  bool kept = false;
  switch (column.kind) {
    case ColumnKind::number:
      kept = keep(fit_number(column, rows, remark), numbers_);
      break;
    case ColumnKind::boolean:
    case ColumnKind::category:
      kept = keep(fit_category(column, rows, max_one_hot, remark), categories_);
      break;
    case ColumnKind::date:
      kept = keep(fit_date(column, rows, remark), dates_);
      break;
    case ColumnKind::identifier:
      remark = column.remark.empty() ? "it is an identifier" : column.remark;
      break;
    case ColumnKind::empty:
      remark = "every cell is missing";
      break;
  }
  if (!kept)
    remarks_.push_back(fmt::format("Column \"{}\" is left out: {}.", column.name, remark));
  else if (!column.remark.empty())
    remarks_.push_back(fmt::format("Column \"{}\" {}.", column.name, column.remark));
}

// Numbers computed in float stand before those in double, values before marks of missing cells: the
// order in which the ONNX operators produce them.
void Features::lay_out() {
  std::stable_partition(numbers_.begin(), numbers_.end(),
                        [](const NumberFeature& feature) { return !feature.wide; });
  for (const bool wide : {false, true}) {
    for (const NumberFeature& feature : numbers_)
      if (feature.wide == wide && feature.varies) names_.push_back(feature.column);
    for (const NumberFeature& feature : numbers_)
      if (feature.wide == wide && feature.marks_missing)
        names_.push_back(feature.column + " is missing");
  }
  for (const CategoryFeature& feature : categories_) {
    if (feature.embedded()) {
      embedded_.push_back({feature.column, feature.num_places(), feature.dimension});
    } else {
      one_hot_.push_back({width(), feature.num_places()});
      append_names(feature, names_);
    }
  }
  for (const DateFeature& feature : dates_) {
    const std::vector<std::string> names = feature.names();
    names_.insert(names_.end(), names.begin(), names.end());
  }
}

std::map<std::string, ColumnKind> Features::kinds() const {
  std::map<std::string, ColumnKind> kinds;
  for (const NumberFeature& feature : numbers_) kinds[feature.column] = ColumnKind::number;
  for (const CategoryFeature& feature : categories_) kinds[feature.column] = ColumnKind::category;
  for (const DateFeature& feature : dates_) kinds[feature.column] = ColumnKind::date;
  return kinds;
}

std::map<std::string, std::string> Features::date_formats() const {
  std::map<std::string, std::string> formats;
  for (const DateFeature& feature : dates_) formats[feature.column] = feature.format;
  return formats;
}

}  // namespace sinapse
