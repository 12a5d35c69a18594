// What a run does where the user has not said: every default that depends on the data.
#pragma once

#include <sinapse/train.h>

#include "features/features.h"
#include "features/target.h"

namespace sinapse {

/// What the choices depend on.
struct DataSize {
  int64_t training_rows = 0;
  int64_t inputs = 0;
  bool pixels = false;
  Task task = Task::regression;
};

/// The options with every "chosen by the data" replaced by a number. Throws Error(usage) for values
/// that make no sense, naming the option.
RunOptions resolve(RunOptions options, const DataSize& size);

/// The network that resolved options describe: hidden layers, embeddings joined in front, and an
/// output layer with one linear neuron for a number, one logistic neuron's logit for two classes,
/// or a logit for each class.
NetworkDescription describe_network(const NetworkOptions& options, const Features* features,
                                    const Shape& input_row, int64_t num_outputs);

}  // namespace sinapse
