// The training loop: epochs, batches, early stopping.
#pragma once

#include <limits>

#include <sinapse/schedule.h>
#include <sinapse/train.h>

#include "train/metrics.h"
#include "train/predictor.h"
#include "train/stepper.h"

namespace sinapse {

/// Where a run stands, but for what the stepper holds (weights, moments, running statistics). A run
/// that starts from both goes on to the same bits.
struct LoopState {
  int64_t epoch = 1;    // the one under way, from 1
  int64_t step = 0;     // steps of it that are done
  double loss_sum = 0;  // over the rows of these steps
  double best_loss = std::numeric_limits<double>::infinity();
  int64_t last_better_epoch = 0;  // the last that early stopping counted as better
  int64_t best_epoch = 0;         // whose weights are the best, 0: none yet
  std::map<std::string, std::vector<float>> best_weights;
  ScheduleState schedule;
  bool averaged = false;  // the averages of the weights have begun
  std::vector<EpochRecord> history;
  double seconds = 0;  // spent so far
};

struct LoopResult {
  std::map<std::string, std::vector<float>> weights;  // of the best epoch, or the last
  std::vector<EpochRecord> history;
  int64_t best_epoch = 0;
  bool interrupted = false;
};

/// Everything the loop works with. All options must be resolved (no zeros that mean "choose").
struct LoopContext {
  const TrainingGraph& graph;
  const Optimizer& optimizer;
  const Dataset& data;
  std::span<const int64_t> training_rows, validation_rows;
  const Target& target;
  const TrainingOptions& options;
  Predictor& predictor;  // of the same network, for the validation rows
  Team& team;
  const TrainCallbacks& callbacks;
  const Augmenter* augmenter;                        // of the training rows; may be null
  std::function<std::string(int64_t row)> location;  // where a row of the data set stands
};

/// Throws Error(numeric) if a loss is NaN or infinite, naming step, layer and rows.
LoopResult run_loop(const LoopContext& context);

}  // namespace sinapse
