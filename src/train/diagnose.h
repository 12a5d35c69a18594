// Where numbers stopped being finite.
#pragma once

#include <functional>
#include <string>

#include "train/stepper.h"

namespace sinapse {

/// Runs the forward part of a step with the reference kernels on the weights that the stepper holds
/// and throws Error(numeric) naming the first layer whose output is NaN or infinite, the step, and
/// the rows.
[[noreturn]] void throw_not_finite(const TrainingGraph& graph, const Stepper& stepper,
                                   const Batch& batch, const StepState& state, int64_t epoch,
                                   const std::function<std::string(int64_t row)>& location);

}  // namespace sinapse
