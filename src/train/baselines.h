// Simple ways to forecast, which a network has to beat.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "train/series_windows.h"

namespace sinapse {

/// Forecasts in the target's unit, [rows, horizon]: the last value seen.
std::vector<double> naive_forecasts(const SeriesSet& set, const SeriesFeatures& features,
                                    std::span<const WindowPlace> places);

/// The same step of the last season seen; of a series that has none yet, the last value.
std::vector<double> seasonal_naive_forecasts(const SeriesSet& set, const SeriesFeatures& features,
                                             std::span<const WindowPlace> places);

/// Linear autoregression: from the network's inputs to each step of the horizon by least squares
/// with a small penalty (ridge), in the scale of the network.
class LinearForecast {
 public:
  /// Learns from some of the rows; of very many from evenly spaced ones. Nothing if there are too
  /// many inputs, or no rows.
  static std::optional<LinearForecast> fit(const SeriesSet& set, const SeriesFeatures& features,
                                           const SeriesWindows& windows,
                                           std::span<const int64_t> rows);

  int64_t num_inputs() const { return inputs_ - 1; }  ///< of the network
  /// Of an input, or for num_inputs() the constant, in the forecast of a step.
  double weight(int64_t input, int64_t step) const { return weights_[input * horizon_ + step]; }

  /// In the network's scale, [horizon].
  std::vector<double> predict(const SeriesWindows& windows, int64_t row) const;

 private:
  int64_t inputs_ = 0, horizon_ = 0;  // a constant 1 included
  std::vector<double> weights_;       // [inputs, horizon]
};

}  // namespace sinapse
