// sinapse evaluate, of a model that forecasts series.
#pragma once

#include <string>

#include <sinapse/model.h>

namespace sinapse::cli {

/// Prints how good its forecasts of a file are, in all and for each step of the horizon, and writes
/// the page `report`, if it has a name.
void print_forecast_evaluation(const Model& model, const std::string& data, int threads, bool json,
                               const std::string& report);

}  // namespace sinapse::cli
