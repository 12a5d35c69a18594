// The training loop: epochs, batches, early stopping.
#pragma once

#include <sinapse/train.h>

#include "train/checkpoints.h"
#include "train/metrics.h"
#include "train/predictor.h"
#include "train/sequence_stepper.h"
#include "train/stepper.h"

namespace sinapse {

struct LoopResult {
  std::map<std::string, std::vector<float>> weights;  // of the best epoch, or the last
  std::vector<EpochRecord> history;
  int64_t best_epoch = 0;
  bool interrupted = false, out_of_time = false;
};

/// Everything the loop works with. All options must be resolved (no zeros that mean "choose").
struct LoopContext {
  const TrainingGraph& graph;
  const Optimizer& optimizer;
  const Dataset& data;
  const Rows &training_rows, &validation_rows;
  const Target& target;
  const TrainingOptions& options;
  Predictor& predictor;  // of the same network, for the validation rows
  Team& team;
  const TrainCallbacks& callbacks;
  const Augmenter* augmenter;                        // of the training rows; may be null
  std::function<std::string(int64_t row)> location;  // where a row of the data set stands
  Checkpoints& checkpoints;
  const std::map<std::string, std::vector<float>>&
      start;              // weights to begin from; others are drawn
  GraphOfSteps graph_of;  // of sequences; else empty
};

/// Throws Error(numeric) if a loss is NaN or infinite, naming step, layer and rows.
LoopResult run_loop(const LoopContext& context);

}  // namespace sinapse
