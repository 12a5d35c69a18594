// Where a training run stands.
#pragma once

#include <limits>
#include <map>
#include <string>
#include <vector>

#include <sinapse/schedule.h>
#include <sinapse/train.h>

namespace sinapse {

/// Where a run stands, but for what the stepper holds (weights, moments, running statistics). A run
/// that starts from both goes on to the same bits.
struct LoopState {
  int64_t epoch = 1;      // the one under way, from 1
  int64_t step = 0;       // steps of it that are done
  double loss_sum = 0;    // over the rows of these steps, weighted
  double weight_sum = 0;  // of these rows
  double best_loss = std::numeric_limits<double>::infinity();
  int64_t last_better_epoch = 0;  // the last that early stopping counted as better
  int64_t best_epoch = 0;         // whose weights are the best, 0: none yet
  std::map<std::string, std::vector<float>> best_weights;
  ScheduleState schedule;
  bool averaged = false;  // the averages of the weights have begun
  std::vector<EpochRecord> history;
  double seconds = 0;  // spent so far
  // Of the epochs at whose end a checkpoint was written.
  double best_saved_loss = std::numeric_limits<double>::infinity();
};

}  // namespace sinapse
