// Explanations for people and for programs.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include <sinapse/attribution.h>
#include <sinapse/partial_dependence.h>
#include <sinapse/permutation_importance.h>

#include "figures/drawing.h"

namespace sinapse::cli {

/// What `sinapse explain` says: as text, as JSON, and in figures with the names of their files.
struct Explanation {
  std::string text;
  nlohmann::ordered_json json;
  std::vector<std::pair<std::string, Drawing>> figures;
};

std::string text_of(const PermutationImportance& importance);
std::string text_of(const PartialDependence& dependence);
std::string text_of(const RowExplanation& explanation, const std::string& location);

nlohmann::ordered_json to_json(const PermutationImportance& importance);
nlohmann::ordered_json to_json(const PartialDependence& dependence);
nlohmann::ordered_json to_json(const RowExplanation& explanation, const std::string& location);

}  // namespace sinapse::cli
