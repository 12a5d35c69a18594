#include "train/forecast_scores.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace sinapse {

std::vector<double> mase_scales(const SeriesSet& set, std::span<const int64_t> ends,
                                int64_t season) {
  std::vector<double> scales;
  for (size_t s = 0; s < set.series.size(); ++s) {
    const std::vector<double>& values = set.series[s].values;
    double sum = 0, count = 0;
    for (int64_t step = season; step < ends[s]; ++step) {
      const double change = std::abs(values[step] - values[step - season]);
      if (std::isnan(change)) continue;
      sum += change;
      ++count;
    }
    scales.push_back(count > 0 ? sum / count : 0);
  }
  return scales;
}

ForecastScore score_forecasts(const SeriesSet& set, const SeriesFeatures& features,
                              std::span<const WindowPlace> places,
                              std::span<const double> forecasts, std::span<const double> scales,
                              ForecastSteps steps) {
  ForecastScore score{.forecasts = static_cast<int64_t>(places.size())};
  std::vector<double> errors(set.series.size()), counts(set.series.size());
  double absolute = 0, squared = 0, relative = 0, count = 0;
  for (size_t row = 0; row < places.size(); ++row) {
    const auto [series, origin] = places[row];
    for (int64_t h = steps.first; h < std::min(features.horizon, steps.end); ++h) {
      const double y = set.series[series].values[origin + features.gap + h];
      if (std::isnan(y)) continue;
      const double forecast = forecasts[row * features.horizon + h];
      const double error = std::abs(y - forecast), size = std::abs(y) + std::abs(forecast);
      absolute += error;
      squared += error * error;
      relative += size > 0 ? 200 * error / size : 0;
      ++count;
      errors[series] += error;
      ++counts[series];
    }
  }
  double scaled = 0, judged = 0;
  for (size_t s = 0; s < errors.size(); ++s) {
    if (counts[s] == 0 || scales[s] == 0) continue;
    scaled += errors[s] / counts[s] / scales[s];
    ++judged;
  }
  score.mase = judged > 0 ? scaled / judged : std::numeric_limits<double>::quiet_NaN();
  if (count == 0) count = std::numeric_limits<double>::quiet_NaN();  // nothing to judge
  score.smape = relative / count;
  score.mae = absolute / count;
  score.rmse = std::sqrt(squared / count);
  return score;
}

}  // namespace sinapse
