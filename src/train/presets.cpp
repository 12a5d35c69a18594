#include "train/presets.h"

#include <vector>

#include <fmt/format.h>

#include <sinapse/error.h>
#include <sinapse/preset.h>

#include "data/call_text.h"
#include "data/nearest.h"
#include "train/run_file.h"

namespace sinapse {

namespace {

constexpr PresetDefinition kPresets[] = {
    {.name = "quick",
     .doc = "A first look at the data: a small network, few epochs, learned once.",
     .source = "",
     .keys = R"~(network: {hidden: [32]}
training: {epochs: 20, learning_rate: 0.005, final_fit: none})~"},
    {.name = "realmlp",
     .doc = "Parts of RealMLP: robust scaling, learned scales of the inputs, parametric "
            "activations, cosine-log schedule. Size of batches, epochs and weight decay stay "
            "chosen by the data.",
     .source = "Holzmüller, Grinsztajn, Steinwart 2024",
     .keys = R"~(features: {scale: robust}
network:
  layers:
    - {type: scaling, factor: 6}
    - {type: dense, units: 128}
    - {type: parametric_activation, activation: auto}
    - {type: dense, units: 64}
    - {type: parametric_activation, activation: auto}
training: {schedule: coslog})~"},
};

}  // namespace

std::span<const PresetDefinition> presets() {
  return kPresets;
}

const PresetDefinition& preset_named(const std::string& name) {
  std::vector<std::string> known;
  for (const PresetDefinition& preset : kPresets) {
    if (plain_name(preset.name) == plain_name(name)) return preset;
    known.emplace_back(preset.name);
  }
  throw Error(ErrorCode::usage, fmt::format("There is no preset \"{}\".{} `sinapse list presets` "
                                            "tells them.",
                                            name, did_you_mean(name, known)));
}

void apply_preset(RunOptions& options, const std::string& name) {
  RunDescription run{.options = options};
  merge_preset(run, name);
  options = std::move(run.options);
}

}  // namespace sinapse
