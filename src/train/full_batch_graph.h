// What the training graph holds for an optimizer that takes all training rows at once.
#pragma once

#include <sinapse/optimizer.h>

#include "train/update_rules.h"

namespace sinapse {

/// Such an optimizer moves all trainable parameters as one row of numbers. What it keeps from step
/// to step are states of the graph, as moments are, though no node touches them: in the order of
/// lbfgs: counters [4], direction and gradient [weights], moves and changes [history, weights];
/// of levenberg_marquardt: damping [1].
struct FullBatch {
  std::vector<Updated> parameters;   // trainable; `gradient` is a state that gathers it
  ValueId picked_output = kNoValue;  // state [1, outputs]: 1 at the output that is differentiated
  std::vector<ValueId> memory;
};

bool is_levenberg_marquardt(const Optimizer& optimizer);

/// Appends gradients, gathered over several batches, and the memory to a graph with the losses of
/// the rows, [batch, 1]. For levenberg_marquardt they are the gradients of one output.
/// Throws Error(usage) if the optimizer cannot train that network, or not with that loss or these
/// rules.
FullBatch append_full_batch(Graph& graph, const std::vector<ParameterInfo>& parameters,
                            ValueId output, ValueId loss, ValueId row_weight,
                            const std::string& loss_name, const Optimizer& optimizer,
                            const UpdateRules& rules);

}  // namespace sinapse
