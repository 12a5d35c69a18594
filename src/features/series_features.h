// Fitted preprocessing of time series: a window of the past as the numbers a network sees, and its
// outputs as values in the target's unit. Learned from the training steps alone, stored in the
// model.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <sinapse/series.h>

#include "data/series.h"

namespace sinapse {

/// y = (x - mean) / deviation.
struct Standard {
  double mean = 0, deviation = 1;
  bool operator==(const Standard&) const = default;
};

/// A window of a series: steps origin - window ... origin - 1 are seen, and after the gap so many
/// steps as the horizon has are forecast.
struct WindowPlace {
  int32_t series = 0;
  int64_t origin = 0;
};

/// The network has the inputs "window" [window, 1 + known columns], the target first, and, if there
/// are any, "future": the known columns of the steps to forecast, each [horizon], then sine and
/// cosine of where the first of these steps stands in the year, week and day, as far as steps are
/// shorter.
///
/// A value is x' = (x - level) / deviation: the deviation is that of its series, the level the mean
/// of the series or, if `window_level`, of the window. Of a series that the model does not know
/// both are those of the window.
struct SeriesFeatures {
  SeriesColumns columns;
  TimeStep step;
  std::string date_format;  // of the time column as it stood in training; empty: numbers
  int64_t window = 1, horizon = 1, gap = 0, season = 1;
  bool window_level = false;
  std::vector<std::string> ids;     // of the known series; one empty text if there is no id column
  std::vector<Standard> standards;  // of each
  std::vector<Standard> known;      // of each known column, over all series
  /// Of each known series the mean absolute error of the (seasonal) naive forecast of one step
  /// among its training steps, which MASE is relative to; empty in files of older versions.
  std::vector<double> naive_errors;

  /// `ends` are the steps of each series at which training ends; nothing later is looked at.
  /// Throws Error(usage) for options that make no sense, Error(data) for a series that is too short
  /// or constant throughout.
  static SeriesFeatures fit(const SeriesSet& set, std::span<const int64_t> ends,
                            const SeriesOptions& options);

  int64_t channels() const { return 1 + static_cast<int64_t>(known.size()); }
  std::vector<double> periods() const;  ///< of the cycles of the calendar, in seconds
  int64_t future_width() const;

  /// Index of a series' id, -1 if it is not known.
  int64_t index_of(const std::string& id) const;

  /// What the values of a window are measured by.
  Standard standard_of(const TimeSeries& series, int64_t origin) const;

  /// window [window, channels], future [future_width]. The steps that are forecast need known
  /// columns only.
  void encode(const TimeSeries& series, int64_t origin, const Standard& standard, float* window,
              float* future) const;

  /// [horizon], NaN where not known.
  void encode_target(const TimeSeries& series, int64_t origin, const Standard& standard,
                     float* target) const;

  /// Windows of which half of the steps have a value, and so has one step to forecast; all of
  /// these from `first` to before `last`.
  std::vector<int64_t> origins(const TimeSeries& series, int64_t first, int64_t last,
                               int64_t stride) const;

  std::string to_json() const;
  static SeriesFeatures from_json(const std::string& json);  ///< Throws Error(model).
};

/// The steps after which a series repeats itself: of the lengths that suit the calendar (or any,
/// for plain numbers) the shortest of those with about the largest autocorrelation, once a straight
/// line is taken out. 1 if none is clear.
int64_t find_season(std::span<const double> values, const TimeStep& step);

}  // namespace sinapse
