// A model described for people and programs.
#pragma once

#include <string>

#include <nlohmann/json.hpp>

#include <sinapse/model.h>

namespace sinapse::cli {

/// Layers, parameters, inputs, features with their fitted numbers, target, training record.
nlohmann::ordered_json describe_model(const Model& model);

/// The same as text.
std::string model_text(const nlohmann::ordered_json& description);

}  // namespace sinapse::cli
