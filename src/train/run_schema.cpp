#include "train/run_schema.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include <sinapse/task.h>

#include "data/duration.h"
#include "features/column_keys.h"
#include "layers/layers.h"
#include "network/fields.h"
#include "train/catalogue.h"
#include "train/run_keys.h"
#include "train/run_values.h"

namespace sinapse {

namespace {

using Json = nlohmann::ordered_json;

// What a key or a layer's field names, if it is a name: a section of the catalogue, and words
// besides.
struct NamedValue {
  std::string_view key;
  std::string_view section;
  std::vector<std::string> others;
};

std::vector<std::string> task_names() {
  std::vector<std::string> names{"auto"};
  for (const Task task : kTasks) names.emplace_back(name_of(task));
  return names;
}

const std::vector<NamedValue>& named_values() {
  static const std::vector<NamedValue> all{
      {"network.activation", "activations", {"auto"}},
      {"network.preset", "networks", {""}},
      {"training.optimizer", "optimizers", {"auto"}},
      {"training.schedule", "schedules", {"auto"}},
      {"training.dropout_schedule", "schedules", {}},
      {"training.loss", "losses", {"auto"}},
      {"training.final_fit", "", {"auto", "all", "none"}},
      {"kernel_initializer", "initializers", {"auto"}},
      {"bias_initializer", "initializers", {}},
      {"data.task", "", task_names()},
      {"data.answer_per", "", {"auto", "sequence", "row"}},
      {"data.channels", "", {"auto", "none", "first", "last"}},
      {"image.channels", "", {"auto", "gray", "rgb", "rgba"}},
      {"image.fit", "", {"crop", "pad", "stretch"}},
      {"series.level", "", {"auto", "window", "series"}},
      {"image.damaged", "", {"skip", "error"}},
      {"features.scale", "scalings", {}},
      {"scale", "scalings", {""}},
      {"type", "", {"auto", "number", "category", "date", "text"}},
      {"tokens", "", {"words", "characters"}},
      {"weights", "", {"tf_idf", "count", "binary"}},
      {"activation", "activations", {"auto"}},
      {"padding", "", {"valid", "same"}},
  };
  return all;
}

// A name alone, or with constants in brackets.
Json schema_of_names(const NamedValue& named) {
  std::vector<std::string> names = named.others;
  std::vector<std::string> called;
  if (!named.section.empty()) {
    for (const CatalogueEntry& entry : catalogue_section(std::string(named.section)).entries) {
      std::vector<std::string> all{entry.name};
      all.insert(all.end(), entry.aliases.begin(), entry.aliases.end());
      names.insert(names.end(), all.begin(), all.end());
      if (!entry.constants.empty()) called.insert(called.end(), all.begin(), all.end());
    }
  }
  const Json plain{{"enum", names}};
  if (called.empty()) return plain;
  const std::string pattern = fmt::format("^({})\\(.*\\)$", fmt::join(called, "|"));
  return {{"anyOf", {plain, {{"type", "string"}, {"pattern", pattern}}}}};
}

Json schema_of(bool) {
  return {{"type", "boolean"}};
}
Json schema_of(int) {
  return {{"type", "integer"}};
}
Json schema_of(int64_t) {
  return {{"type", "integer"}};
}
Json schema_of(uint64_t) {
  return {{"type", "integer"}, {"minimum", 0}};
}
Json schema_of(double) {
  return {{"type", "number"}};
}
Json schema_of(Seconds) {
  return {{"anyOf",
           {{{"type", "number"}, {"minimum", 0}},
            {{"type", "string"}, {"pattern", "^[0-9.]+[smhd]?$"}}}}};
}
Json schema_of(const std::string&) {
  return {{"type", {"string", "number", "boolean"}}};  // 7 is taken as the text "7"
}
Json schema_of(const ColumnDeclarations&) {
  return {{"type", "object"}, {"additionalProperties", {{"$ref", "#/$defs/column"}}}};
}
Json schema_of(const ClassWeights&) {
  const Json weight{{"type", "number"}, {"minimum", 0}};
  return {{"anyOf",
           {{{"enum", {"", "balanced"}}}, {{"type", "object"}, {"additionalProperties", weight}}}}};
}
Json schema_of(const LayerDescription&) {
  return {{"$ref", "#/$defs/layer"}};
}

// One value stands for a list of one.
template <class T>
Json schema_of(const std::vector<T>&) {
  const Json element = schema_of(T{});
  const Json list{{"type", "array"}, {"items", element}};
  if constexpr (std::is_same_v<T, LayerDescription>) return list;
  return {{"anyOf", {list, element}}};
}

template <class T>
Json schema_of_value(std::string_view key, const T& value) {
  if constexpr (std::is_same_v<T, std::string>) {
    if (key == kTargetKey) return schema_of(std::vector<std::string>{});
    for (const NamedValue& named : named_values()) {
      if (named.key == key) return schema_of_names(named);
    }
  }
  return schema_of(value);
}

Json documented(Json schema, std::string_view doc, const Json& default_value) {
  schema["description"] = doc;
  if (!default_value.is_null()) schema["default"] = default_value;
  return schema;
}

Json closed_object(Json properties) {
  return {
      {"type", "object"}, {"properties", std::move(properties)}, {"additionalProperties", false}};
}

Json column_schema() {
  Json properties;
  visit_column_keys([&](const char* key, auto member, ColumnUse, const char* doc) {
    const auto standard = ColumnDeclaration().*member;
    properties[key] = documented(schema_of_value(key, standard), doc, standard);
  });
  return closed_object(std::move(properties));
}

Json layer_schema(const std::string& type) {
  const auto layer = make_layer(type);
  Json properties{{"type", {{"const", type}}},
                  {"name", {{"type", "string"}}},
                  {"inputs", schema_of(std::vector<std::string>{})}};
  for (const FieldDocument& field : document_fields(*layer)) {
    properties[field.name] = std::visit(
        [&](const auto& value) {
          return documented(schema_of_value(field.name, value), field.doc, value);
        },
        field.default_value);
  }
  Json schema = closed_object(std::move(properties));
  schema["required"] = {"type"};
  if (!layer->doc().empty()) schema["description"] = layer->doc();
  return schema;
}

Json layer_schemas() {
  Json all = Json::array();
  for (const std::string& type : layer_types()) all.push_back(layer_schema(type));
  return {{"oneOf", std::move(all)}};
}

template <class T>
Json default_of(const T& value) {
  if constexpr (std::is_same_v<T, std::vector<LayerDescription>>) {
    return Json::array();
  } else if constexpr (std::is_same_v<T, Seconds>) {
    return duration_text(value);
  } else if constexpr (std::is_same_v<T, ColumnDeclarations>) {
    return Json::object();
  } else if constexpr (std::is_same_v<T, ClassWeights>) {
    return "";
  } else {
    return value;
  }
}

}  // namespace

std::string run_schema() {
  Json sections;
  const RunDescription defaults;
  visit_run_keys(defaults, [&](std::string_view path, const auto& value, std::string_view doc) {
    const size_t dot = path.find('.');
    sections[std::string(path.substr(0, dot))][std::string(path.substr(dot + 1))] =
        documented(schema_of_value(path, value), doc, default_of(value));
  });
  for (auto& [name, properties] : sections.items()) {
    properties = closed_object(std::move(properties));
    properties["type"] = {"object", "null"};  // a section may be empty
  }
  Json schema{{"$schema", "https://json-schema.org/draft/2020-12/schema"},
              {"title", "A run of Sinapse"}};
  sections[kPresetKey] = documented(schema_of_names({kPresetKey, "presets", {}}), kPresetDoc, {});
  schema.update(closed_object(std::move(sections)));
  schema["$defs"]["layer"] = layer_schemas();
  schema["$defs"]["column"] = column_schema();
  return schema.dump(2) + "\n";
}

}  // namespace sinapse
