// Forecasts of what is known already.
#include <fmt/format.h>

#include <sinapse/error.h>
#include <sinapse/forecast.h>

#include "network/trained_network.h"
#include "train/baselines.h"
#include "train/forecast_scores.h"
#include "train/judged_windows.h"
#include "train/predictor.h"

namespace sinapse {

namespace {

constexpr int64_t kBatchRows = 512;

SeriesWindows windows_of(const SeriesSet& set, const SeriesFeatures& features, const Table& table) {
  SeriesWindows windows;
  for (const WindowPlace& place : judged_places(set, features, table))
    append_window(windows, set, features, place, false);
  return windows;
}

std::vector<double> scales_of(const SeriesSet& set, const SeriesFeatures& features) {
  std::vector<int64_t> ends;
  for (const TimeSeries& series : set.series) ends.push_back(series.length);
  std::vector<double> scales = mase_scales(set, ends, features.season);
  for (size_t s = 0; s < scales.size(); ++s) {
    const int64_t known = features.index_of(set.series[s].id);
    if (known >= 0 && !features.naive_errors.empty()) scales[s] = features.naive_errors[known];
  }
  return scales;
}

std::vector<double> network_forecasts(const TrainedNetwork& trained, const SeriesWindows& windows,
                                      int threads) {
  Team team(threads);
  Predictor predictor(trained.network, input_descriptions(trained), kBatchRows);
  predictor.set_weights(trained.weights);
  const std::vector<float> outputs = predictor.run(windows.data, {}, team);
  std::vector<double> forecasts;
  for (size_t i = 0; i < outputs.size(); ++i)
    forecasts.push_back(restored(windows, i / trained.series->horizon, outputs[i]));
  return forecasts;
}

// Of each series the last window whose forecast can be judged as a whole; if there is none, the
// last one.
std::vector<size_t> last_windows(const SeriesSet& set, const SeriesFeatures& features,
                                 const std::vector<WindowPlace>& places) {
  std::vector<size_t> last;
  for (size_t row = 0; row < places.size(); ++row) {
    const auto& [series, origin] = places[row];
    const bool whole = origin + features.gap + features.horizon <= set.series[series].length;
    const bool is_first = last.empty() || places[last.back()].series != series;
    if (is_first) {
      last.push_back(row);
    } else if (whole) {
      last.back() = row;
    }
  }
  return last;
}

Forecasts last_forecasts(const SeriesSet& set, const SeriesFeatures& features,
                         const SeriesWindows& windows, const std::vector<double>& forecasts) {
  Forecasts last{.time = features.columns.time,
                 .series = features.columns.id,
                 .target = features.columns.target,
                 .dates = features.step.date,
                 .rows = {},
                 .remarks = {}};
  for (const size_t row : last_windows(set, features, windows.places)) {
    const TimeSeries& series = set.series[windows.places[row].series];
    const int64_t first = windows.places[row].origin + features.gap;
    for (int64_t h = 0; h < features.horizon; ++h)
      last.rows.push_back({series.id, features.step.after(series.start, first + h),
                           forecasts[row * features.horizon + h]});
  }
  return last;
}

}  // namespace

std::vector<WindowPlace> judged_places(const SeriesSet& set, const SeriesFeatures& features,
                                       const Table& table) {
  std::vector<WindowPlace> places;
  for (size_t s = 0; s < set.series.size(); ++s) {
    const TimeSeries& series = set.series[s];
    for (const int64_t origin : features.origins(series, 0, series.length, /*stride=*/1))
      places.push_back({static_cast<int32_t>(s), origin});
  }
  if (!places.empty()) return places;
  throw Error(ErrorCode::data,
              fmt::format("{}: there is no window of {} steps with a known \"{}\" after it.",
                          table.source().empty() ? "the table" : table.source(), features.window,
                          features.columns.target));
}

ForecastEvaluation evaluate_forecasts(const Model& model, const Table& table, int threads) {
  const TrainedNetwork& trained = model.trained();
  if (!trained.series) throw Error(ErrorCode::usage, "The model forecasts no series.");
  const SeriesFeatures& features = *trained.series;
  const SeriesSet set = read_series(table, features.columns, features.step);
  const SeriesWindows windows = windows_of(set, features, table);
  const std::vector<double> scales = scales_of(set, features);
  ForecastEvaluation evaluation{.by_step = {}, .last = {}, .remarks = set.remarks};
  evaluation.by_step.resize(features.horizon);
  const auto judge = [&](const char* method, const std::vector<double>& forecasts) {
    const auto score = [&](ForecastSteps steps) {
      ForecastScore one = score_forecasts(set, features, windows.places, forecasts, scales, steps);
      one.method = method;
      return one;
    };
    evaluation.scores.push_back(score({}));
    for (int64_t h = 0; h < features.horizon; ++h)
      evaluation.by_step[h].push_back(score({h, h + 1}));
  };
  const std::vector<double> forecasts = network_forecasts(trained, windows, threads);
  evaluation.last = last_forecasts(set, features, windows, forecasts);
  judge("network", forecasts);
  judge("naive", naive_forecasts(set, features, windows.places));
  if (features.season > 1)
    judge("seasonal naive", seasonal_naive_forecasts(set, features, windows.places));
  return evaluation;
}

}  // namespace sinapse
