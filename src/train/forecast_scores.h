// How good forecasts are: MASE and the like.
#pragma once

#include <limits>
#include <span>
#include <string>
#include <vector>

#include "train/series_windows.h"

namespace sinapse {

/// For each series the mean absolute error of the seasonal naive forecast of one step (the naive
/// one if the season is 1) among the first steps up to its end; 0 if there is none.
/// Hyndman, Koehler 2006.
std::vector<double> mase_scales(const SeriesSet& set, std::span<const int64_t> ends,
                                int64_t season);

/// Steps of the horizon, from `first` to before `end`.
struct ForecastSteps {
  int64_t first = 0, end = std::numeric_limits<int64_t>::max();
};

/// `forecasts` are [rows, horizon] for these rows, in the target's unit; some of their steps are
/// judged. Steps without a value do not count. mase is the mean over series, of those whose scale
/// is not 0; NaN if there is none.
ForecastScore score_forecasts(const SeriesSet& set, const SeriesFeatures& features,
                              std::span<const WindowPlace> places,
                              std::span<const double> forecasts, std::span<const double> scales,
                              ForecastSteps steps = {});

}  // namespace sinapse
