// The subcommands of the program. Each adds itself to the command line and, if it is the one that
// was asked for, leaves in `action` what is to be done; the action gives the exit code.
#pragma once

#include <functional>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

namespace sinapse::cli {

using Action = std::function<int()>;

inline constexpr int kSuccess = 0, kFailure = 1, kUsageError = 2, kFound = 3, kInterrupted = 130;

void add_train(CLI::App& program, Action& action);
void add_cv(CLI::App& program, Action& action);
void add_range(CLI::App& program, Action& action);
void add_tune(CLI::App& program, Action& action);
void add_evaluate(CLI::App& program, Action& action);
void add_predict(CLI::App& program, Action& action);
void add_explain(CLI::App& program, Action& action);
void add_forecast(CLI::App& program, Action& action);
void add_check(CLI::App& program, Action& action);
void add_inspect(CLI::App& program, Action& action);
void add_list(CLI::App& program, Action& action);
void add_schema(CLI::App& program, Action& action);
void add_activations(CLI::App& program, Action& action);
void add_softmax(CLI::App& program, Action& action);
void add_neuron(CLI::App& program, Action& action);
void add_plot(CLI::App& program, Action& action);

/// The text of --version: the version, the processor's instruction sets, and the one in use.
std::string version_text();

}  // namespace sinapse::cli
