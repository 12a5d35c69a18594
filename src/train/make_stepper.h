// The stepper of a run.
#pragma once

#include "train/stepper.h"

namespace sinapse {

/// A stepper for any optimizer: on a compiled plan, or on the naive reference. `graph` and `team`
/// must outlive it. Throws Error(usage) if this processor cannot compute so.
std::unique_ptr<Stepper> make_stepper(const TrainingGraph& graph, const Optimizer& optimizer,
                                      const TrainingOptions& options, Team& team);

}  // namespace sinapse
