// Training on sequences of different lengths: batches of similar ones, each as short as it can be.
#pragma once

#include <functional>

#include <sinapse/train.h>

#include "train/stepper.h"

namespace sinapse {

/// The same training graph for another number of steps.
using GraphOfSteps = std::function<TrainingGraph(int64_t steps)>;

/// Fills the sequences of a batch up to padded_steps() of its longest one, and no further: there is
/// a plan for each of these lengths, made when the first such batch comes; all work on the same
/// weights.
std::unique_ptr<Stepper> sequence_stepper(GraphOfSteps graph_of, const Optimizer& optimizer,
                                          const TrainingOptions& options, Team& team);

/// Reorders shuffled rows so that those of one batch have similar lengths: each run of some batches
/// is sorted by length and cut, and its batches are shuffled. A function of seed and epoch.
void put_similar_lengths_together(const Dataset& data, int64_t batch_size, uint64_t seed,
                                  int64_t epoch, std::vector<int64_t>& rows);

}  // namespace sinapse
