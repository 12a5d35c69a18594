// Training on time series.
#pragma once

#include <sinapse/train.h>

namespace sinapse {

/// As train() with options.series.horizon set: parts are cut by time, and the network is judged
/// beside the simple ways to forecast.
TrainResult train_series(const Table& table, const RunOptions& options,
                         const TrainCallbacks& callbacks, const Table* test);

}  // namespace sinapse
