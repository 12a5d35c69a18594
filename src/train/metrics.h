// From a network's outputs to metrics.
#pragma once

#include <span>
#include <string>
#include <vector>

#include <sinapse/metric.h>
#include <sinapse/team.h>

#include "features/target.h"
#include "train/metric_functions.h"

namespace sinapse {

/// Probabilities [rows, classes] from the network's outputs, in double.
std::vector<double> probabilities_of(std::span<const float> outputs, const Target& target);

/// What the metrics are computed from. `encoded` is the target as Target::encode gives it.
ClassOutcomes class_outcomes(std::span<const float> outputs, std::span<const float> encoded,
                             const Target& target);
NumberOutcomes number_outcomes(std::span<const float> outputs, std::span<const float> encoded,
                               const Target& target);

/// "loss" (mean of the training loss) and the essential metrics of the task: quick enough to be
/// asked for after every epoch.
Metrics evaluate_outputs(std::span<const float> outputs, std::span<const float> encoded,
                         const Target& target);

/// Everything.
Evaluation evaluate_fully(std::span<const float> outputs, std::span<const float> encoded,
                          const Target& target, const EvaluationOptions& options, Team& team);

}  // namespace sinapse
