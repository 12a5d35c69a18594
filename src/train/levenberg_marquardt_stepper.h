// Steps of Levenberg and Marquardt on a training graph; the damping is a state of the graph.
#pragma once

#include "train/stepper.h"

namespace sinapse {

/// `network` evaluates the graph, chunk by chunk; `graph` and `team` must outlive the stepper.
std::unique_ptr<Stepper> levenberg_marquardt_stepper(const TrainingGraph& graph,
                                                     std::unique_ptr<Stepper> network,
                                                     const Optimizer& optimizer, Team& team);

}  // namespace sinapse
