// When a run saves its state, and how it finds it again.
#pragma once

#include <functional>
#include <optional>

#include "train/checkpoint.h"
#include "train/checkpoint_folder.h"

namespace sinapse {

/// The run of the newest checkpoint in a folder, or of that file; nothing if there is none. Throws
/// Error(file) if none of them is whole.
std::optional<RunDescription> saved_run(const std::string& path);

/// Saves a run that was stopped before its choices were made, with the options as they were given,
/// so that it may begin anew. What cannot be written becomes a remark.
void save_unbegun(const RunOptions& run, const TrainCallbacks& callbacks);

class Checkpoints {
 public:
  /// `run` with every choice made; `data` is asked when it is needed first. An earlier run's
  /// checkpoints are set aside, unless they are what this run goes on from.
  Checkpoints(RunOptions run, std::function<Fingerprint()> data, const TrainCallbacks& callbacks);

  /// Fills the stepper from the checkpoint that the options name, the newest that is whole; a new
  /// run's state if they name none. Throws Error(file) if there is none, Error(usage) or
  /// Error(data) if it is of another run.
  LoopState resume(const TrainingGraph& graph, int64_t steps_per_epoch, Stepper& stepper);

  /// Whether one is due after a step (`all_steps` since the run began), or after an epoch.
  bool is_due(const LoopState& state, int64_t all_steps, double seconds) const;

  /// Whether the end of the run is worth one: others were saved, or asked for by epochs or steps.
  bool wants_end() const;

  /// Saves the state, unless it is saved already. What cannot be written becomes a remark: a full
  /// disk ends no training, and earlier checkpoints stay.
  void save(const TrainingGraph& graph, const Stepper& stepper, LoopState& state);

 private:
  const CheckpointOrigin& origin();
  LoopState restore(const std::string& path, const TrainingGraph& graph, int64_t steps_per_epoch,
                    Stepper& stepper);
  void write(const TrainingGraph& graph, const Stepper& stepper, LoopState& state);
  void remark(const std::string& text) const;
  void note_saved(const LoopState& state);

  const CheckpointOptions options_;
  CheckpointOrigin origin_;
  std::function<Fingerprint()> data_;  // empty once it has been asked
  const TrainCallbacks& callbacks_;
  std::optional<CheckpointFolder> folder_;
  bool any_saved_ = false, failing_ = false;
  std::pair<int64_t, int64_t> saved_at_{1, 0};  // epoch and step
  double saved_seconds_ = 0;
};

}  // namespace sinapse
