// Steps of L-BFGS on a training graph; what it remembers are states of the graph.
#pragma once

#include "train/stepper.h"

namespace sinapse {

/// `network` evaluates the graph, chunk by chunk; `graph` must outlive the stepper.
std::unique_ptr<Stepper> lbfgs_stepper(const TrainingGraph& graph, std::unique_ptr<Stepper> network,
                                       const Optimizer& optimizer);

}  // namespace sinapse
