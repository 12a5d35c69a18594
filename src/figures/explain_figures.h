// Figures of what a model relies on.
#pragma once

#include <sinapse/attribution.h>
#include <sinapse/partial_dependence.h>
#include <sinapse/permutation_importance.h>

#include "figures/chart.h"

namespace sinapse {

/// The most important columns with their intervals, at most `most` of them.
Bars importance_bars(const PermutationImportance& importance, size_t most = 25);

/// Mean predictions along a column: a line with the band of the rows, of several classes a line
/// each (eight at most, those that change the most); of categories bars, or dots.
Drawing dependence_figure(const PartialDependence& dependence, Size size = {});

/// What each column adds to one prediction; those beyond `most` together.
Bars row_bars(const RowExplanation& explanation, size_t most = 15);

}  // namespace sinapse
