// Windows after which the truth is known: what forecasts can be judged by.
#pragma once

#include <vector>

#include <sinapse/table.h>

#include "train/series_windows.h"

namespace sinapse {

/// All windows of all series that have something to judge behind them. Throws Error(data) if there
/// is none in the table that the series come from.
std::vector<WindowPlace> judged_places(const SeriesSet& set, const SeriesFeatures& features,
                                       const Table& table);

/// An output of the network for a window, in the target's unit.
inline double restored(const SeriesWindows& windows, size_t row, float output) {
  return static_cast<double>(output) * windows.standards[row].deviation +
         windows.standards[row].mean;
}

}  // namespace sinapse
