// Training on a split that the caller has made.
#pragma once

#include <sinapse/train.h>

#include "train/split_rows.h"

namespace sinapse {

/// As train(); the test rows of the split are measured at the end, or those of `test`, if given.
TrainResult train_on_split(const Table& table, const RunOptions& options, const KnownRows& known,
                           Split split, const TrainCallbacks& callbacks = {},
                           const Table* test = nullptr);

}  // namespace sinapse
