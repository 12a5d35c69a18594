// Networks as JSON: the list that stands under network.layers in a run file, and in model files.
#pragma once

#include <nlohmann/json.hpp>

#include <sinapse/network.h>

namespace sinapse {

/// [{"type": "dense", "name": "dense1", "inputs": ["a", "b"], <fields>...}, ...]; an empty name and
/// an empty list of inputs are left out. Throws Error(usage) for a number that is not finite.
nlohmann::ordered_json to_json(const NetworkDescription& network);

/// The network of such a list; a single input may stand without a list. "units": 8 is a whole
/// number, "rate": 0.5 a number, "use_bias": true a truth value, "shape": [2, 3] a list.
/// Throws Error(usage) for anything else, an unknown layer type or field (with the nearest name),
/// or a field of the wrong type. Whether the layers fit each other shows when the network is built.
NetworkDescription network_from_json(const nlohmann::json& layers);

}  // namespace sinapse
