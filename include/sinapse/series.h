// Time series: how a table becomes windows of the past and the steps to forecast.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace sinapse {

/// Set `horizon` to forecast the numbers of the target, ordered by the column data.time. A window
/// of `window` steps is the network's input, and the `horizon` steps after it (and the gap) its
/// outputs. Parts are cut by time: no training window reaches into the steps that judge.
struct SeriesOptions {
  int64_t horizon = 0;             ///< steps that are forecast at once; 0: the table is no series
  std::string id;                  ///< column that tells several series apart
  std::vector<std::string> known;  ///< number columns whose future is known, such as prices
  int64_t window = 0;              ///< steps of the past that are seen; 0: chosen by the data
  int64_t gap = 0;                 ///< steps between the window and the first forecast
  int64_t stride = 1;              ///< steps from one training window to the next
  int64_t season = 0;              ///< steps of a period; 1: none; 0: found in the data
  /// What values are measured from: "window", the mean of the window, follows a trend; "series",
  /// the mean of the series; "auto": window if a series has a trend.
  std::string level = "auto";
  int64_t backtest = 0;  ///< origins, a horizon apart, at which training is repeated and judged
};

/// How good one way to forecast was.
struct ForecastScore {
  std::string part;       ///< "train", "validation", "test", "backtest"
  std::string method;     ///< "network", "naive", "seasonal naive", "linear"
  int64_t forecasts = 0;  ///< windows that were judged
  /// Mean absolute error by that of the (seasonal) naive forecast within the training steps of the
  /// series, mean over series.  Hyndman, Koehler 2006.
  double mase = 0;
  double smape = 0;          ///< mean of 200 |y - f| / (|y| + |f|), in per cent; 0 where both are 0
  double mae = 0, rmse = 0;  ///< in the target's unit
};

}  // namespace sinapse
