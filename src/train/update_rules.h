// What a run adds around the optimizer's update: penalties, clipping, gathering, averaging.
#pragma once

#include <sinapse/optimizer.h>
#include <sinapse/train.h>

#include "layers/builder_state.h"

namespace sinapse {

struct UpdateRules {
  double l1 = 0, l2 = 0;    // added to those of each layer; on weight matrices, not on biases
  double clip_norm = 0;     // of all gradients together; 0: no limit
  double clip_value = 0;    // of each number of a gradient; 0: no limit
  bool accumulate = false;  // one update for the gradients of several batches
  bool average = false;     // an average over time beside every parameter
};

UpdateRules update_rules(const TrainingOptions& options);

/// A trained parameter or running statistic, its gradient (kNoValue: none), and, once the updates
/// are appended, its average.
struct Updated {
  ParameterInfo parameter;
  ValueId gradient = kNoValue;
  ValueId average = kNoValue;
};

/// Appends gathering, penalty, clipping, update, constraint and average of every parameter.
void append_updates(Graph& graph, std::vector<Updated>& all, const Optimizer& optimizer,
                    const UpdateRules& rules);

/// The share of the new weights in their average after a step (StepState::average_share).
/// `update` counts the updates of the run from 1.
double average_share(const TrainingOptions& options, int64_t epoch, int64_t update,
                     bool ends_update, bool ends_epoch);

}  // namespace sinapse
