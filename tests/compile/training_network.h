// A network with loss, gradients and updates as one graph, for tests of what trains it.
#pragma once

#include <sinapse/optimizer.h>

#include <string>
#include <vector>

#include "network/network.h"
#include "ops/scalars.h"

namespace sinapse {

/// A training graph and the values in it that a test wants to look at.
struct TrainingNetwork {
  Graph graph;
  std::vector<ValueId> inputs;
  ValueId prediction = kNoValue;
  ValueId target = kNoValue;      // [batch, k], or [batch, 1] for classes
  ValueId row_weight = kNoValue;  // [batch, 1]
  ValueId loss = kNoValue;        // [batch, 1]
  std::vector<ParameterInfo> parameters;
  std::vector<ValueId> gradients;  // by parameter; kNoValue for a state
  std::vector<ValueId> moments;
  Optimizer optimizer;
};

/// The network for training by `optimizer` with the loss "categorical_crossentropy" or the name of
/// an element-wise one.
TrainingNetwork training_network(const NetworkDescription& description,
                                 const std::vector<InputDescription>& inputs,
                                 const std::string& loss, const std::string& optimizer);

/// What an optimizer's kernels take for a step, counted from 1.
Scalars prepared_scalars(const Optimizer& optimizer, double learning_rate, int64_t step);

}  // namespace sinapse
