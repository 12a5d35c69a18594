// The final fit: a table is learned once more from all of its rows. How good the model is has been
// told by the validation rows before; that it learns from them then makes it a little better.
#pragma once

#include <functional>

#include <sinapse/train.h>

#include "data/split.h"

namespace sinapse {

using TrainOnRows =
    std::function<TrainResult(Split& rows, const RunOptions& options, const TrainCallbacks&)>;

/// Whether the result is whole, its options ask for a final fit, and there are rows to add.
bool wants_final_fit(const TrainResult& result, const Split& split);

/// The result with the model of a training on training and validation rows, its resolved options,
/// and without early stopping; the metrics of test rows are the model's, all others and the history
/// stay those of the first training. If it is stopped or out of time, the result as it was.
TrainResult with_final_fit(TrainResult result, Split split, const TrainCallbacks& callbacks,
                           const TrainOnRows& train_on);

}  // namespace sinapse
