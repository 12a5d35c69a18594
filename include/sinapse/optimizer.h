// Optimizers: how a weight moves, given its gradient.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <sinapse/constant.h>

namespace sinapse {

/// One row of the table of optimizers (src/ops/optimizer.cpp). In formulas, w is a weight, g its
/// gradient, lr the learning rate, t the step from 1; other letters are what is kept for the
/// weight.
struct OptimizerDefinition {
  std::string_view name;
  std::vector<std::string_view> aliases;  ///< one that is also a flag's name sets the flag
  std::string_view formula;
  std::string_view doc;     ///< one sentence: what it is good for
  std::string_view source;  ///< authors and year
  std::vector<Constant> constants;
  double default_learning_rate;
  bool full_batch = false;  ///< takes all training rows at once: one step an epoch
};

/// An optimizer chosen for a run, with its constants in the order of its definition.
struct Optimizer {
  const OptimizerDefinition* definition = nullptr;
  std::vector<double> constants;
};

/// Reads "adam", "Adam(beta1=0.8)", "rmsprop(centered=true, momentum=0.9)"; case, underscores and
/// hyphens are ignored. Throws Error(usage), with the nearest name, for an unknown optimizer or
/// constant, and for a constant outside its domain.
Optimizer parse_optimizer(std::string_view text);

/// The form parse_optimizer reads; only constants that differ from their defaults are written.
std::string to_string(const Optimizer& optimizer);

/// Every optimizer, simple ones first.
const std::vector<OptimizerDefinition>& optimizers();

/// How many numbers are kept for each weight from step to step.
int num_moments(const Optimizer& optimizer);

}  // namespace sinapse
