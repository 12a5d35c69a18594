// Optimizers: how a weight moves, given its gradient.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sinapse {

struct OptimizerConstant {
  std::string_view name;
  double default_value;
  std::string_view doc;
};

/// One row of the table of optimizers (src/ops/optimizer_formulas.h).
struct OptimizerDefinition {
  std::string_view name;
  std::string_view formula;
  std::string_view source;
  std::vector<OptimizerConstant> constants;
  int num_moments;               ///< numbers kept for each weight
  double default_learning_rate;
};

/// An optimizer chosen for a run, with its constants in the order of its definition.
struct Optimizer {
  const OptimizerDefinition* definition = nullptr;
  std::vector<double> constants;
};

/// Reads "adam", "Adam(beta1=0.8)", "momentum(momentum=0.95,weight_decay=1e-4)"; case-insensitive.
/// Throws Error(usage), with the nearest name, for an unknown optimizer or constant.
Optimizer parse_optimizer(std::string_view text);

/// The form parse_optimizer reads; only constants that differ from their defaults are written.
std::string to_string(const Optimizer& optimizer);

const std::vector<OptimizerDefinition>& optimizers();

}  // namespace sinapse
