// Declarations of columns in a run file: {age: {scale: robust}, grade: {ordered: [low, high]}}.
#include <algorithm>

#include <fmt/format.h>

#include "data/nearest.h"
#include "features/column_keys.h"
#include "train/run_values.h"

namespace sinapse {

namespace {

ValuePlace inner_place(const ValuePlace& place, const std::string& key, const YAML::Node& node) {
  const int line = place.line > 0 ? node.Mark().line + 1 : 0;
  return {place.source, fmt::format("{}.{}", place.key, key), line};
}

void read_key(ColumnDeclaration& column, const std::string& name, const YAML::Node& node,
              const ValuePlace& place) {
  bool found = false;
  visit_column_keys([&](std::string_view key, auto member, ColumnUse, std::string_view) {
    if (key != name) return;
    found = true;
    read_node(column.*member, node, place);
  });
  if (!found)
    place.fail(fmt::format("is no key of a column.{}", did_you_mean(name, column_keys())));
}

void read_column(ColumnDeclaration& column, const YAML::Node& node, const ValuePlace& place) {
  if (!node.IsMap()) place.fail("expects keys and values such as {scale: robust}");
  for (const auto& entry : node) {
    std::string name;
    read_node(name, entry.first, place);
    read_key(column, name, entry.second, inner_place(place, name, entry.first));
  }
}

void write_column(YAML::Emitter& out, const ColumnDeclaration& column) {
  out << YAML::Flow << YAML::BeginMap;
  visit_column_keys([&](const char* key, auto member, ColumnUse, const char*) {
    if (column.*member == ColumnDeclaration().*member) return;
    out << YAML::Key << key << YAML::Value;
    write(out, column.*member);
  });
  out << YAML::EndMap;
}

}  // namespace

void read_node(ColumnDeclarations& value, const YAML::Node& node, const ValuePlace& place) {
  if (!node.IsMap()) place.fail("expects columns and their keys such as {age: {scale: robust}}");
  for (const auto& entry : node) {
    std::string name;
    read_node(name, entry.first, place);
    read_column(value[name], entry.second, inner_place(place, name, entry.first));
  }
}

void write(YAML::Emitter& out, const ColumnDeclarations& value) {
  if (value.empty()) out << YAML::Flow;
  out << YAML::BeginMap;
  for (const auto& [name, column] : value) {
    out << YAML::Key;
    write(out, name);
    out << YAML::Value;
    write_column(out, column);
  }
  out << YAML::EndMap;
}

}  // namespace sinapse
