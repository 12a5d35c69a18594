// What a model file says about how it was trained.
#pragma once

#include <sinapse/train.h>

#include "data/split.h"

namespace sinapse {

/// A JSON object: program, rows, epochs, optimizer and the other choices, metrics, weights_sha256.
std::string training_record(const TrainResult& result, const Split& split);

}  // namespace sinapse
