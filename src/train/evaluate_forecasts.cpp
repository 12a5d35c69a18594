// Forecasts of what is known already.
#include <fmt/format.h>

#include <sinapse/error.h>
#include <sinapse/forecast.h>

#include "network/trained_network.h"
#include "train/baselines.h"
#include "train/forecast_scores.h"
#include "train/predictor.h"

namespace sinapse {

namespace {

constexpr int64_t kBatchRows = 512;

// All windows of all series that have something to judge behind them.
SeriesWindows windows_of(const SeriesSet& set, const SeriesFeatures& features) {
  SeriesWindows windows;
  for (size_t s = 0; s < set.series.size(); ++s) {
    for (const int64_t origin :
         features.origins(set.series[s], 0, set.series[s].length, /*stride=*/1))
      append_window(windows, set, features, {static_cast<int32_t>(s), origin}, false);
  }
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
  for (size_t i = 0; i < outputs.size(); ++i) {
    const Standard& standard = windows.standards[i / trained.series->horizon];
    forecasts.push_back(static_cast<double>(outputs[i]) * standard.deviation + standard.mean);
  }
  return forecasts;
}

}  // namespace

ForecastEvaluation evaluate_forecasts(const Model& model, const Table& table, int threads) {
  const TrainedNetwork& trained = model.trained();
  if (!trained.series) throw Error(ErrorCode::usage, "The model forecasts no series.");
  const SeriesFeatures& features = *trained.series;
  const SeriesSet set = read_series(table, features.columns, features.step);
  const SeriesWindows windows = windows_of(set, features);
  if (windows.places.empty()) {
    throw Error(ErrorCode::data,
                fmt::format("{}: there is no window of {} steps with a known \"{}\" after it.",
                            table.source().empty() ? "the table" : table.source(), features.window,
                            features.columns.target));
  }
  const std::vector<double> scales = scales_of(set, features);
  ForecastEvaluation evaluation{.by_step = {}, .remarks = set.remarks};
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
  judge("network", network_forecasts(trained, windows, threads));
  judge("naive", naive_forecasts(set, features, windows.places));
  if (features.season > 1)
    judge("seasonal naive", seasonal_naive_forecasts(set, features, windows.places));
  return evaluation;
}

}  // namespace sinapse
