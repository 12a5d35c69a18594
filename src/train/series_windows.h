// The windows of time series as a data set, cut by time.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "features/series_features.h"
#include "train/dataset.h"

namespace sinapse {

/// Where the parts of a series begin and end: training [0, train), validation [train, validation),
/// test [validation, test). A window belongs to the part in which all steps that it forecasts lie;
/// one that forecasts steps of two parts belongs to none.
struct SeriesCuts {
  int64_t train = 0, validation = 0, test = 0;
};

/// A part is its share of the steps, and at least a horizon if the share is not 0.
std::vector<SeriesCuts> cut_series(const SeriesSet& set, double validation_share, double test_share,
                                   int64_t horizon);

/// The steps at which training ends, for each series.
std::vector<int64_t> training_ends(std::span<const SeriesCuts> cuts);

struct SeriesWindows {
  Dataset data;                                  // inputs "window" and "future", target [horizon]
  std::vector<WindowPlace> places;               // of each row
  std::vector<Standard> standards;               // likewise
  std::vector<int64_t> train, validation, test;  // rows
};

/// All windows of all parts; `stride` is for training.
SeriesWindows make_windows(const SeriesSet& set, const SeriesFeatures& features,
                           std::span<const SeriesCuts> cuts, int64_t stride);

/// One more row. Its target is only read `with_target`.
void append_window(SeriesWindows& windows, const SeriesSet& set, const SeriesFeatures& features,
                   const WindowPlace& place, bool with_target);

}  // namespace sinapse
