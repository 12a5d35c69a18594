// Presets: run-file keys with a name, from which a run may start.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace sinapse {

struct PresetDefinition {
  std::string_view name;
  std::string_view doc;
  std::string_view source;
  std::string_view keys;  ///< as they stand in a run file
};

std::span<const PresetDefinition> presets();

/// Throws Error(usage) with the nearest name.
const PresetDefinition& preset_named(const std::string& name);

}  // namespace sinapse
