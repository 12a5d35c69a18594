// What a model of time series relies on.
#pragma once

#include <sinapse/permutation_importance.h>

#include "network/trained_network.h"

namespace sinapse {

/// Steps of the past (alone near the end of the window, then in spans of 2, 4, 8, ...), each known
/// column in the window and in the steps to come, and each cycle of the calendar are shuffled among
/// the windows. The metric is mae, in the target's unit; "rows" are windows.
/// Throws Error(usage) for another metric, Error(data) if the table has no window to judge.
PermutationImportance series_importance(const TrainedNetwork& trained, const Table& table,
                                        const ImportanceOptions& options);

}  // namespace sinapse
