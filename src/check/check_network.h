// The checks that need a network and some rows.
#pragma once

#include <sinapse/check.h>

#include "network/trained_network.h"
#include "train/dataset.h"

namespace sinapse {

CheckResult check_weights(const TrainedNetwork& trained);

struct CheckedNetwork {
  const NetworkDescription& network;
  std::vector<InputDescription> inputs;
  std::string loss;
  const std::map<std::string, std::vector<float>>& weights;
};
CheckedNetwork checked(const TrainedNetwork& trained);

/// `data` has inputs and targets; null: random rows.
std::vector<CheckResult> check_network(const CheckedNetwork& checked, const Dataset* data,
                                       const CheckOptions& options);

}  // namespace sinapse
