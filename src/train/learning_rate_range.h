// The steps of the learning-rate range test.
#pragma once

#include <sinapse/learning_rate_range.h>

#include "train/stepper.h"

namespace sinapse {

/// Throws Error(usage) unless 0 < from < to, there are some steps, and smoothing is in [0, 1).
void check(const LearningRateRangeOptions& range);

/// `training` must be resolved.
LearningRateRange sweep_learning_rates(const TrainingGraph& graph, const Optimizer& optimizer,
                                       const Dataset& data, const Rows& rows,
                                       const TrainingOptions& training,
                                       const LearningRateRangeOptions& range, Team& team,
                                       const std::function<bool()>& should_stop);

/// Fills in `suggested` and `lowest`.
void judge(LearningRateRange& range);

}  // namespace sinapse
