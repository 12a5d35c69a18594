// Training on sequences: rows of a table that belong together.
#pragma once

#include <sinapse/train.h>

namespace sinapse {

/// As train() with options.data.sequence_by set: sequences are split, and the network answers each,
/// or each of its rows.
TrainResult train_sequences(const Table& table, const RunOptions& options,
                            const TrainCallbacks& callbacks, const Table* test);

}  // namespace sinapse
