// sinapse plot forecast.
#pragma once

#include "cli/commands.h"

namespace sinapse::cli {

/// Adds `forecast` to `sinapse plot`.
void add_forecast_figure(CLI::App& plot, Action& action);

}  // namespace sinapse::cli
