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

/// What the metrics are computed from, for one target. `encoded` is the target as Target::encode
/// gives it.
ClassOutcomes class_outcomes(std::span<const float> outputs, std::span<const float> encoded,
                             const Target& target);
NumberOutcomes number_outcomes(std::span<const float> outputs, std::span<const float> encoded,
                               const Target& target);

/// The same for several targets [rows, targets]; those that are NaN are left out.
LabelOutcomes label_outcomes(std::span<const float> outputs, std::span<const float> encoded,
                             const Target& target);
SeveralOutcomes<NumberOutcomes> several_numbers(std::span<const float> outputs,
                                                std::span<const float> encoded,
                                                const Target& target);

/// The essential metrics of the task: quick enough to be asked for after every epoch. Of several
/// targets the means.
Metrics evaluate_outputs(std::span<const float> outputs, std::span<const float> encoded,
                         const Target& target, RowWeights weights);

/// All metrics of the task.
Evaluation evaluate_fully(std::span<const float> outputs, std::span<const float> encoded,
                          const Target& target, RowWeights weights,
                          const EvaluationOptions& options, Team& team);

/// Intervals alone, of the metrics named in `point`.
std::map<std::string, Interval> metric_intervals(std::span<const float> outputs,
                                                 std::span<const float> encoded,
                                                 const Target& target, RowWeights weights,
                                                 const Metrics& point,
                                                 const EvaluationOptions& options, Team& team);

}  // namespace sinapse
