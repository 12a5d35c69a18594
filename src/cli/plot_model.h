// The figures of `sinapse plot` that need a model.
#pragma once

#include "cli/commands.h"

namespace sinapse::cli {

/// Adds `network`, `weights`, `confusion`, `roc`, ... to `sinapse plot`.
void add_model_figures(CLI::App& plot, Action& action);

}  // namespace sinapse::cli
