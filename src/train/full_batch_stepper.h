// Steps of the optimizers that ask for loss and gradient over all training rows: lbfgs and
// levenberg_marquardt.
#pragma once

#include "train/stepper.h"

namespace sinapse {

/// A stepper for any optimizer: on a compiled plan, or on the naive reference.
std::unique_ptr<Stepper> make_stepper(const TrainingGraph& graph, const Optimizer& optimizer,
                                      const TrainingOptions& options, Team& team);

}  // namespace sinapse
