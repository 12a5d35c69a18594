// Well-known networks by name: descriptions as they could stand in a run file.
#pragma once

#include <span>
#include <string_view>

#include <sinapse/network.h>

namespace sinapse {

struct NetworkPreset {
  std::string_view name;
  std::string_view doc;
  std::string_view source;
  std::string_view layers;  // JSON, without the output layer
  bool texts = false;       // for the tokens of texts; else for pictures
};

std::span<const NetworkPreset> network_presets();

/// Throws Error(usage) with the nearest name.
const NetworkPreset& network_preset(const std::string& name);

/// The layers of a preset. Throws like network_preset().
std::vector<LayerDescription> preset_layers(const std::string& name);

}  // namespace sinapse
