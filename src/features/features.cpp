#include "features/features.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <sinapse/error.h>

#include "features/scaling.h"
#include "features/target_columns.h"

namespace sinapse {

namespace {

std::set<std::string> column_names(const Table& table, const std::vector<std::string>& wanted) {
  std::set<std::string> names;
  for (const std::string& name : wanted) names.insert(table.column(name).name);
  return names;
}

// By the columns' own names; those that say no scale get the common one.
std::map<std::string, ColumnDeclaration> declared_columns(const Table& table,
                                                          const FeatureOptions& options) {
  std::map<std::string, ColumnDeclaration> declared;
  for (const auto& [name, declaration] : options.declarations.columns) {
    const Column& column = table.column(name);
    if (!declared.emplace(column.name, declaration).second)
      throw Error(ErrorCode::usage,
                  fmt::format("features.columns: \"{}\" is declared twice, by name and by index.",
                              column.name));
  }
  for (const std::string& name : column_names(table, options.categorical)) {
    ColumnDeclaration& declaration = declared[name];
    if (declaration.type == "auto") declaration.type = "category";
  }
  return declared;
}

// The kind that a column's cells must be read as.
ColumnKind kind_for(ColumnUse use, const Column& column) {
  if (column.kind == ColumnKind::empty) return column.kind;
  if (use == ColumnUse::number) return ColumnKind::number;
  if (use == ColumnUse::date) return ColumnKind::date;
  const bool has_texts = column.kind != ColumnKind::number && column.kind != ColumnKind::date;
  return has_texts ? column.kind : ColumnKind::category;
}

std::optional<std::string> reason_to_leave_out(const Column& column,
                                               const ColumnDeclaration& declaration) {
  if (column.kind == ColumnKind::empty) return "every cell is missing";
  if (column.kind != ColumnKind::identifier || declaration != ColumnDeclaration()) return {};
  return column.remark.empty() ? "it is an identifier" : column.remark;
}

}  // namespace

Features Features::fit(const Table& table, const Rows& training_rows,
                       const FeatureOptions& options) {
  if (training_rows.empty())
    throw Error(ErrorCode::data, "no training rows to learn features from");
  parse_scaling(options.declarations.scale);
  std::set<std::string> left_out = column_names(table, options.ignore);
  if (!options.target.empty()) {
    for (const std::string& name : target_names(table, options.target)) left_out.insert(name);
  }
  const auto declared = declared_columns(table, options);

  Features features;
  for (const Column& column : table.columns()) {
    if (left_out.contains(column.name)) continue;
    const auto found = declared.find(column.name);
    ColumnDeclaration declaration = found == declared.end() ? ColumnDeclaration() : found->second;
    const bool is_text =
        declaration == ColumnDeclaration() ? looks_like_text(column) : declaration.sequence > 0;
    if (declaration.type == "auto" && is_text) declaration.type = "text";
    if (const auto reason = reason_to_leave_out(column, declaration)) {
      features.leave_out(column, *reason);
      continue;
    }
    const ColumnUse use = use_of(declaration, column);
    if (declaration.scale.empty()) declaration.scale = options.declarations.scale;
    const ColumnKind kind = kind_for(use, column);
    features.add(kind == column.kind ? column : table.reinterpret_as(column, kind), use,
                 training_rows, declaration, options.max_one_hot,
                 [&](int64_t row) { return table.location(row); });
  }
  features.lay_out();
  features.add_interactions(table, options.declarations);
  if (features.names_.empty() && features.embedded_.empty() && features.tokens_.empty())
    throw Error(ErrorCode::data, fmt::format("{}: no input column is left to learn from. {}",
                                             table.source().empty() ? "the table" : table.source(),
                                             fmt::join(features.remarks_, " ")));
  return features;
}

void Features::leave_out(const Column& column, const std::string& reason) {
  remarks_.push_back(fmt::format("Column \"{}\" is left out: {}.", column.name, reason));
}

void Features::add(const Column& column, ColumnUse use, const Rows& rows,
                   const ColumnDeclaration& declaration, int64_t max_one_hot,
                   const std::function<std::string(int64_t)>& location) {
  std::string reason;
  const auto keep = [](auto feature, auto& features) {
    if (feature) features.push_back(*std::move(feature));
    return feature.has_value();
  };
  bool kept = false;
  if (use == ColumnUse::number)
    kept = keep(fit_number(column, rows, parse_scaling(declaration.scale), reason), numbers_);
  else if (use == ColumnUse::date)
    kept = keep(fit_date(column, rows, declaration, reason), dates_);
  else if (use == ColumnUse::text && declaration.sequence > 0)
    kept = keep(fit_tokens(column, rows, declaration, reason), tokens_);
  else if (use == ColumnUse::text)
    kept = keep(fit_text(column, rows, declaration, reason), texts_);
  else if (!declaration.ordered.empty())
    kept = keep(fit_ordered(column, rows, declaration.ordered, parse_scaling(declaration.scale),
                            location, reason),
                numbers_);
  else
    kept = keep(fit_category(column, rows, max_one_hot, declaration, reason), categories_);

  if (!kept)
    leave_out(column, reason);
  else if (!column.remark.empty() && use != ColumnUse::text)
    remarks_.push_back(fmt::format("Column \"{}\" {}.", column.name, column.remark));
  if (!kept || use != ColumnUse::text) return;
  const std::string order = declaration.sequence == 0
                                ? ""
                                : fmt::format(", whose first {} {} are read in order",
                                              declaration.sequence, declaration.tokens);
  remarks_.push_back(
      fmt::format("Column \"{}\" is text{}: ONNX cannot cut texts, so the model file "
                  "takes its {} as [batch, {}].",
                  column.name, order, declaration.tokens, declaration.tokens));
}

bool Features::is_text(const std::string& column) const {
  const auto is_this = [&](const auto& feature) { return feature.column == column; };
  return std::any_of(texts_.begin(), texts_.end(), is_this) ||
         std::any_of(tokens_.begin(), tokens_.end(), is_this);
}

std::map<std::string, ColumnKind> Features::kinds() const {
  std::map<std::string, ColumnKind> kinds;
  for (const NumberFeature& feature : numbers_)
    kinds[feature.column] = feature.order.empty() ? ColumnKind::number : ColumnKind::category;
  for (const CategoryFeature& feature : categories_) kinds[feature.column] = ColumnKind::category;
  for (const DateFeature& feature : dates_) kinds[feature.column] = ColumnKind::date;
  for (const TextFeature& feature : texts_) kinds[feature.column] = ColumnKind::category;
  for (const TokenFeature& feature : tokens_) kinds[feature.column] = ColumnKind::category;
  return kinds;
}

std::map<std::string, std::string> Features::date_formats() const {
  std::map<std::string, std::string> formats;
  for (const DateFeature& feature : dates_) formats[feature.column] = feature.format;
  return formats;
}

}  // namespace sinapse
