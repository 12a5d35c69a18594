// The contents of a checkpoint: all that a run needs to go on to the same bits.
#pragma once

#include "data/safetensors.h"
#include "train/checkpoint_origin.h"
#include "train/loop_state.h"
#include "train/stepper.h"

namespace sinapse {

/// Parameters, moments, running statistics, gathered gradients and averages by their names in the
/// graph, states that batches hand on as "<name>:carried", the best weights as "<name>:best"; the
/// counters, the history and the origin are texts.
Safetensors to_checkpoint(const TrainingGraph& graph, const Stepper& stepper,
                          const LoopState& state, const CheckpointOrigin& origin);

/// Fills the stepper and gives the state. Throws Error(file) if the checkpoint is damaged or of
/// another network, before anything in the stepper has changed.
LoopState restore_checkpoint(const Safetensors& contents, const std::string& source,
                             const TrainingGraph& graph, int64_t steps_per_epoch, Stepper& stepper);

}  // namespace sinapse
