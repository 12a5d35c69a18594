// The figures of `sinapse plot` that look inside a model.
#pragma once

#include "cli/commands.h"

namespace sinapse::cli {

/// Adds `surface`, `filters` and `activations` to `sinapse plot`.
void add_inside_figures(CLI::App& plot, Action& action);

}  // namespace sinapse::cli
