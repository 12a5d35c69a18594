// The graph of one training step: network, loss, gradients, updates.
#pragma once

#include <sinapse/optimizer.h>

#include "features/target.h"
#include "network/cell_states.h"
#include "network/network.h"
#include "train/full_batch_graph.h"

namespace sinapse {

struct TrainingGraph {
  Graph graph;
  std::vector<ValueId> inputs;    // of the data set
  std::vector<CellState> states;  // that batches hand on, if rows go on from one another
  ValueId target = kNoValue;
  ValueId row_weight = kNoValue;  // [batch, 1]: the row's share in the mean loss
  // Where rows may be mixed of two, the loss is share loss(target) + (1 - share)
  // loss(partner_target).
  ValueId partner_target = kNoValue;
  ValueId share = kNoValue;  // [batch, 1]
  ValueId output = kNoValue;
  ValueId loss = kNoValue;  // [batch, 1]
  std::vector<ParameterInfo> parameters;
  std::vector<ValueId> averages;   // of all parameters, in their order; empty: not wanted
  std::vector<ValueId> gradients;  // of the trainable parameters, in their order
  FullBatch full_batch;            // of an optimizer that takes all rows at once
  std::vector<LayerSummary> layers;
  size_t num_forward_nodes = 0;  // nodes before the first gradient
};

/// `loss` as parse_loss reads it; frozen layers get no update; `mixes`: rows may be mixed;
/// `stateful`: layers whose field of that name is set begin with the states that the batch before
/// left. Throws as build_network does, Error(model) if the output does not fit the loss, and
/// Error(usage) if nothing is left to learn, or no layer has a state to carry.
TrainingGraph build_training_graph(const NetworkDescription& network,
                                   const std::vector<InputDescription>& inputs,
                                   const std::string& loss, const Optimizer& optimizer,
                                   const UpdateRules& rules = {}, const LayerPatterns& frozen = {},
                                   bool mixes = false, bool stateful = false);

}  // namespace sinapse
