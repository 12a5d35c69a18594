// Layers in a run file: {type: dense, units: 64, activation: relu}.
#include <algorithm>

#include <fmt/format.h>

#include <sinapse/error.h>

#include "data/nearest.h"
#include "layers/layers.h"
#include "network/fields.h"
#include "train/run_values.h"

namespace sinapse {

namespace {

ValuePlace field_place(const ValuePlace& layer, const std::string& field, const YAML::Node& node) {
  return {layer.source, layer.key + "." + field, node.Mark().line + 1};
}

std::vector<FieldDocument> fields_of(const std::string& type, const ValuePlace& place) {
  try {
    return document_fields(*make_layer(type));
  } catch (const Error& error) {
    place.fail(fmt::format("has an unknown value: {}", error.what()));
  }
}

void read_field(LayerDescription& layer, const std::string& name, const YAML::Node& node,
                const std::vector<FieldDocument>& fields, const ValuePlace& place) {
  const auto found = std::find_if(fields.begin(), fields.end(),
                                  [&](const FieldDocument& field) { return field.name == name; });
  if (found == fields.end()) {
    std::vector<std::string> known = {"type", "name", "inputs"};
    for (const FieldDocument& field : fields) known.push_back(field.name);
    place.fail(fmt::format("is no field of a {} layer.{}", layer.type, did_you_mean(name, known)));
  }
  FieldValue value = found->default_value;
  std::visit([&](auto& typed) { read_node(typed, node, place); }, value);
  layer.fields[name] = std::move(value);
}

void write_field(YAML::Emitter& out, const std::string& name, const FieldValue& value) {
  out << YAML::Key << name << YAML::Value;
  std::visit([&](const auto& typed) { write(out, typed); }, value);
}

void write_layer(YAML::Emitter& out, const LayerDescription& layer) {
  out << YAML::Flow << YAML::BeginMap;
  write_field(out, "type", layer.type);
  if (!layer.name.empty()) write_field(out, "name", layer.name);
  if (!layer.inputs.empty()) {
    out << YAML::Key << "inputs" << YAML::Value;
    write(out, layer.inputs);
  }
  for (const auto& [name, value] : layer.fields) write_field(out, name, value);
  out << YAML::EndMap;
}

}  // namespace

void read_node(LayerDescription& layer, const YAML::Node& node, const ValuePlace& place) {
  if (!node.IsMap() || !node["type"]) {
    place.fail("expects a layer such as {type: dense, units: 64, activation: relu}");
  }
  read_node(layer.type, node["type"], field_place(place, "type", node["type"]));
  const auto fields = fields_of(layer.type, field_place(place, "type", node["type"]));
  for (const auto& entry : node) {
    std::string name;
    read_node(name, entry.first, place);
    const ValuePlace at = field_place(place, name, entry.second);
    if (name == "type") continue;
    if (name == "name") {
      read_node(layer.name, entry.second, at);
    } else if (name == "inputs") {
      read_node(layer.inputs, entry.second, at);
    } else {
      read_field(layer, name, entry.second, fields, at);
    }
  }
}

void write(YAML::Emitter& out, const std::vector<LayerDescription>& value) {
  if (value.empty()) out << YAML::Flow;
  out << YAML::BeginSeq;
  for (const LayerDescription& layer : value) write_layer(out, layer);
  out << YAML::EndSeq;
}

}  // namespace sinapse
