#include "train/baselines.h"

#include <algorithm>
#include <cmath>

namespace sinapse {

namespace {

constexpr double kPenalty = 1;  // of a squared weight; inputs have about variance 1
constexpr int64_t kMostInputs = 1500;
constexpr double kMostWork = 4e9;  // multiply-adds

// The value of the season before; nothing if the series is too short.
std::optional<double> a_season_before(const TimeSeries& series, int64_t step, int64_t origin,
                                      int64_t season) {
  const int64_t seasons = (step - origin) / season + 1;
  const int64_t before = step - seasons * season;
  if (before < 0) return {};
  return series.filled[before];
}

// Row `row` of all inputs side by side, and 1.
void copy_inputs(const Dataset& data, int64_t row, double* to) {
  for (const InputColumns& input : data.inputs) {
    const float* const from = input.numbers.data() + row * input.columns;
    to = std::copy_n(from, input.columns, to);
  }
  *to = 1;
}

// Solves matrix x = right for symmetric positive definite matrices in place, by Cholesky.
void solve(std::vector<double>& matrix, std::vector<double>& right, int64_t n, int64_t columns) {
  for (int64_t j = 0; j < n; ++j) {
    for (int64_t k = 0; k < j; ++k) {
      const double factor = matrix[j * n + k];
      for (int64_t i = j; i < n; ++i) matrix[i * n + j] -= matrix[i * n + k] * factor;
    }
    const double root = std::sqrt(matrix[j * n + j]);
    for (int64_t i = j; i < n; ++i) matrix[i * n + j] /= root;
  }
  for (int64_t i = 0; i < n; ++i) {
    for (int64_t c = 0; c < columns; ++c) {
      double value = right[i * columns + c];
      for (int64_t k = 0; k < i; ++k) value -= matrix[i * n + k] * right[k * columns + c];
      right[i * columns + c] = value / matrix[i * n + i];
    }
  }
  for (int64_t i = n - 1; i >= 0; --i) {
    for (int64_t c = 0; c < columns; ++c) {
      double value = right[i * columns + c];
      for (int64_t k = i + 1; k < n; ++k) value -= matrix[k * n + i] * right[k * columns + c];
      right[i * columns + c] = value / matrix[i * n + i];
    }
  }
}

}  // namespace

std::vector<double> naive_forecasts(const SeriesSet& set, const SeriesFeatures& features,
                                    std::span<const WindowPlace> places) {
  std::vector<double> forecasts;
  for (const WindowPlace& place : places)
    forecasts.insert(forecasts.end(), features.horizon,
                     set.series[place.series].filled[place.origin - 1]);
  return forecasts;
}

std::vector<double> seasonal_naive_forecasts(const SeriesSet& set, const SeriesFeatures& features,
                                             std::span<const WindowPlace> places) {
  std::vector<double> forecasts;
  for (const WindowPlace& place : places) {
    const TimeSeries& series = set.series[place.series];
    const int64_t first = place.origin + features.gap;
    for (int64_t step = first; step < first + features.horizon; ++step)
      forecasts.push_back(a_season_before(series, step, place.origin, features.season)
                              .value_or(series.filled[place.origin - 1]));
  }
  return forecasts;
}

std::optional<LinearForecast> LinearForecast::fit(const SeriesSet& set,
                                                  const SeriesFeatures& features,
                                                  const SeriesWindows& windows,
                                                  std::span<const int64_t> rows) {
  int64_t n = 1;
  for (const InputColumns& input : windows.data.inputs) n += input.columns;
  if (n > kMostInputs || rows.empty()) return {};
  const double work = static_cast<double>(rows.size()) * static_cast<double>(n * n) / 2;
  const auto every = static_cast<size_t>(std::ceil(std::max(1.0, work / kMostWork)));

  LinearForecast linear;
  linear.inputs_ = n;
  linear.horizon_ = features.horizon;
  std::vector<double> products(n * n), x(n);
  linear.weights_.assign(n * features.horizon, 0);
  for (size_t r = 0; r < rows.size(); r += every) {
    const int64_t row = rows[r];
    const WindowPlace& place = windows.places[row];
    const Standard& standard = windows.standards[row];
    const double* const values =
        set.series[place.series].filled.data() + place.origin + features.gap;
    copy_inputs(windows.data, row, x.data());
    for (int64_t i = 0; i < n; ++i) {
      for (int64_t j = 0; j <= i; ++j) products[i * n + j] += x[i] * x[j];
      for (int64_t h = 0; h < features.horizon; ++h)
        linear.weights_[i * features.horizon + h] +=
            x[i] * (values[h] - standard.mean) / standard.deviation;
    }
  }
  for (int64_t i = 0; i < n; ++i) products[i * n + i] += i + 1 < n ? kPenalty : 1e-6;
  solve(products, linear.weights_, n, features.horizon);
  return linear;
}

std::vector<double> LinearForecast::predict(const SeriesWindows& windows, int64_t row) const {
  std::vector<double> x(inputs_), forecast(horizon_);
  copy_inputs(windows.data, row, x.data());
  for (int64_t i = 0; i < inputs_; ++i)
    for (int64_t h = 0; h < horizon_; ++h) forecast[h] += x[i] * weights_[i * horizon_ + h];
  return forecast;
}

}  // namespace sinapse
