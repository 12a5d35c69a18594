#include "network/description_json.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include <sinapse/error.h>

#include "layers/layers.h"
#include "network/fields.h"

namespace sinapse {

using nlohmann::json;
using nlohmann::ordered_json;

namespace {

constexpr size_t kMaxLayers = 10000;
constexpr size_t kMaxInputs = 10000;

[[noreturn]] void fail(const std::string& message) {
  throw Error(ErrorCode::usage, message);
}

std::string shown(const json& value) {
  const std::string text = value.dump(-1, ' ', false, json::error_handler_t::replace);
  return text.size() <= 60 ? text : text.substr(0, 57) + "...";
}

ordered_json layer_to_json(const LayerDescription& layer) {
  ordered_json object{{"type", layer.type}};
  if (!layer.name.empty()) object["name"] = layer.name;
  if (!layer.inputs.empty()) object["inputs"] = layer.inputs;
  for (const auto& [name, value] : layer.fields) {
    const auto* number = std::get_if<double>(&value);
    if (number && !std::isfinite(*number)) {
      fail(fmt::format("{} \"{}\": {} must be finite, but is {}.", layer.type, layer.name, name,
                       *number));
    }
    std::visit([&object, &key = name](const auto& v) { object[key] = v; }, value);
  }
  return object;
}

bool fits_int64(const json& value) {
  if (!value.is_number_integer()) return false;
  return !value.is_number_unsigned() ||
         value.get<uint64_t>() <= static_cast<uint64_t>(std::numeric_limits<int64_t>::max());
}

// Reads one layer; `where_` names it in messages.
class LayerReader {
 public:
  LayerReader(const json& value, size_t index) : value_(value) {
    where_ = fmt::format("Layer {}", index + 1);
    if (!value.is_object()) {
      fail(
          fmt::format("{} must be an object such as {{\"type\": \"dense\", \"units\": 8}}, but is "
                      "{}.",
                      where_, shown(value)));
    }
  }

  LayerDescription read() {
    if (!value_.contains("type")) fail(where_ + " has no \"type\", such as dense or dropout.");
    LayerDescription layer;
    layer.type = text("type");
    where_ += fmt::format(" ({})", layer.type);
    if (value_.contains("name")) layer.name = text("name");
    if (value_.contains("inputs")) layer.inputs = inputs();
    for (const auto& [key, value] : value_.items()) {
      if (key != "type" && key != "name" && key != "inputs") layer.fields[key] = field(key, value);
    }
    set_fields(*make_layer(layer.type), layer);
    return layer;
  }

 private:
  std::string text(const char* key) const {
    const json& value = value_[key];
    if (!value.is_string() || value.get_ref<const std::string&>().empty()) {
      fail(fmt::format("{}: \"{}\" must be a text, but is {}.", where_, key, shown(value)));
    }
    return value.get<std::string>();
  }

  std::vector<std::string> inputs() const {
    const json& value = value_["inputs"];
    if (value.is_string()) return {value.get<std::string>()};
    const auto is_text = [](const json& name) { return name.is_string(); };
    if (!value.is_array() || !std::all_of(value.begin(), value.end(), is_text)) {
      fail(fmt::format("{}: \"inputs\" must be the names of layers or inputs, but is {}.", where_,
                       shown(value)));
    }
    if (value.size() > kMaxInputs) fail(fmt::format("{}: too many inputs.", where_));
    return value.get<std::vector<std::string>>();
  }

  FieldValue field(const std::string& key, const json& value) const {
    if (value.is_boolean()) return value.get<bool>();
    if (value.is_string()) return value.get<std::string>();
    if (fits_int64(value)) return value.get<int64_t>();
    if (value.is_number_float() && std::isfinite(value.get<double>())) return value.get<double>();
    if (value.is_array() && std::all_of(value.begin(), value.end(), fits_int64)) {
      return value.get<std::vector<int64_t>>();
    }
    fail(
        fmt::format("{}: \"{}\" must be a number, a text, true or false, or a list of whole "
                    "numbers, but is {}.",
                    where_, key, shown(value)));
  }

  const json& value_;
  std::string where_;
};

}  // namespace

ordered_json to_json(const NetworkDescription& network) {
  ordered_json layers = ordered_json::array();
  for (const LayerDescription& layer : network.layers) layers.push_back(layer_to_json(layer));
  return layers;
}

NetworkDescription network_from_json(const json& layers) {
  if (!layers.is_array() || layers.empty() || layers.size() > kMaxLayers) {
    fail(fmt::format("A network must be a list of 1 to {} layers, but is {}.", kMaxLayers,
                     shown(layers)));
  }
  NetworkDescription network;
  for (const json& layer : layers) {
    network.layers.push_back(LayerReader(layer, network.layers.size()).read());
  }
  return network;
}

}  // namespace sinapse
