#include "train/text_order.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include <sinapse/error.h>

#include "features/target_columns.h"
#include "features/text_feature.h"
#include "network/presets.h"

namespace sinapse {

namespace {

constexpr int64_t kWords = 256, kCharacters = 1024;

bool wants_text(const RunOptions& options) {
  const std::string& preset = options.network.preset;
  return !has_text_in_order(options.features) && !preset.empty() && network_preset(preset).texts;
}

std::set<std::string> names_of(const Table& table, const std::vector<std::string>& columns) {
  std::set<std::string> names;
  for (const std::string& column : columns) names.insert(table.column(column).name);
  return names;
}

// Under which name or index a column is declared; its own name if it is not.
std::string declared_as(const Table& table, const FeatureDeclarations& declarations,
                        const Column& column) {
  for (const auto& [name, declaration] : declarations.columns)
    if (&table.column(name) == &column) return name;
  return column.name;
}

bool is_text(const ColumnDeclaration& declaration, const Column& column) {
  if (declaration == ColumnDeclaration()) return looks_like_text(column);
  return declaration.type == "text";
}

}  // namespace

bool has_text_in_order(const FeatureDeclarations& declarations) {
  return std::any_of(declarations.columns.begin(), declarations.columns.end(),
                     [](const auto& named) { return named.second.sequence > 0; });
}

FeatureDeclarations with_text_in_order(const Table& table, const RunOptions& options,
                                       const std::vector<std::string>& left_out) {
  FeatureDeclarations declarations = options.features;
  if (!wants_text(options)) return declarations;
  std::set<std::string> others = names_of(table, left_out);
  others.merge(names_of(table, options.data.categorical));
  for (const std::string& name : target_names(table, options.data.target)) others.insert(name);
  std::string longest;
  double most_words = -1;
  for (const Column& column : table.columns()) {
    const std::string name = declared_as(table, declarations, column);
    const auto declared = declarations.columns.find(name);
    const ColumnDeclaration declaration =
        declared == declarations.columns.end() ? ColumnDeclaration() : declared->second;
    if (others.contains(column.name) || !is_text(declaration, column)) continue;
    const double words = words_of_a_text(column);
    if (words <= most_words) continue;
    most_words = words;
    longest = name;
  }
  if (longest.empty()) {
    throw Error(ErrorCode::usage,
                fmt::format("The network \"{}\" reads a text, but no input column looks like one. "
                            "If one is, say so: --set features.columns.NAME.sequence={}.",
                            options.network.preset, kWords));
  }
  ColumnDeclaration& declaration = declarations.columns[longest];
  declaration.type = "text";
  declaration.sequence = declaration.tokens == "characters" ? kCharacters : kWords;
  return declarations;
}

}  // namespace sinapse
