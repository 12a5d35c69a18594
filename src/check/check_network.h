// The checks that need a network and some rows.
#pragma once

#include <sinapse/check.h>

#include "network/trained_network.h"
#include "train/dataset.h"

namespace sinapse {

CheckResult check_weights(const TrainedNetwork& trained);

/// `data` has inputs and targets; null: random rows.
std::vector<CheckResult> check_network(const TrainedNetwork& trained, const Dataset* data,
                                       const CheckOptions& options);

}  // namespace sinapse
