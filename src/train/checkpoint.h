// The contents of a checkpoint: all that a run needs to go on to the same bits.
#pragma once

#include "data/safetensors.h"
#include "train/fingerprint.h"
#include "train/loop_state.h"
#include "train/run_file.h"
#include "train/stepper.h"

namespace sinapse {

/// What a checkpoint belongs to; a run with another origin cannot go on from it.
struct CheckpointOrigin {
  RunDescription run;  // with every choice made
  Fingerprint data;
};

/// Parameters, moments, running statistics, gathered gradients and averages by their names in the
/// graph, states that batches hand on as "<name>:carried", the best weights as "<name>:best"; the
/// counters, the history and the origin are texts.
Safetensors to_checkpoint(const TrainingGraph& graph, const Stepper& stepper,
                          const LoopState& state, const CheckpointOrigin& origin);

/// What the texts of a checkpoint say. `source` names it in messages. Throws Error(file) if it is
/// no checkpoint or of another format.
CheckpointOrigin read_origin(const std::map<std::string, std::string>& metadata,
                             const std::string& source);

/// Fills the stepper and gives the state. Throws Error(file) if the checkpoint is damaged or of
/// another network, before anything in the stepper has changed.
LoopState restore_checkpoint(const Safetensors& contents, const std::string& source,
                             const TrainingGraph& graph, int64_t steps_per_epoch, Stepper& stepper);

/// Throws Error(usage) or Error(data) if a run of this origin cannot go on from a checkpoint of
/// that one. The number of epochs and the patience, threads, limits of time, checkpoints, and the
/// places of files may differ.
void require_same_origin(const CheckpointOrigin& saved, const CheckpointOrigin& now,
                         const std::string& source);

}  // namespace sinapse
