// Figures of what a model relies on.
#pragma once

#include <sinapse/permutation_importance.h>

#include "figures/chart.h"

namespace sinapse {

/// The most important columns with their intervals, at most `most` of them.
Bars importance_bars(const PermutationImportance& importance, size_t most = 25);

}  // namespace sinapse
