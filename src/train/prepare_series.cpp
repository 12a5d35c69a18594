#include "train/prepare_series.h"

#include <cmath>

#include <fmt/format.h>

#include <sinapse/error.h>
#include <sinapse/loss.h>

#include "train/choices.h"
#include "train/forecast_scores.h"

namespace sinapse {

namespace {

std::vector<std::string> names_of_steps(const SeriesFeatures& features) {
  std::vector<std::string> names;
  for (int64_t h = 1; h <= features.horizon; ++h)
    names.push_back(fmt::format("{}+{}", features.columns.target, h));
  return names;
}

std::vector<WindowPlace> places_of(const SeriesMaterial& material, std::span<const int64_t> rows) {
  std::vector<WindowPlace> places;
  for (const int64_t row : rows) places.push_back(material.windows.places[row]);
  return places;
}

// From the network's scale to the target's unit.
template <class Outputs>
void append_restored(std::vector<double>& forecasts, const Outputs& outputs,
                     const Standard& standard) {
  for (const auto output : outputs)
    forecasts.push_back(static_cast<double>(output) * standard.deviation + standard.mean);
}

std::vector<double> network_forecasts(const SeriesMaterial& material, const Dataset& data,
                                      std::span<const int64_t> rows, const Predictor& predictor,
                                      Team& team) {
  const std::vector<float> outputs = predictor.run(data, rows, team);
  std::vector<double> forecasts;
  for (size_t r = 0; r < rows.size(); ++r) {
    const auto row =
        std::span(outputs).subspan(r * material.features.horizon, material.features.horizon);
    append_restored(forecasts, row, material.windows.standards[rows[r]]);
  }
  return forecasts;
}

std::vector<double> linear_forecasts(const SeriesMaterial& material, const SeriesWindows& windows,
                                     std::span<const int64_t> rows) {
  std::vector<double> forecasts;
  for (const int64_t row : rows)
    append_restored(forecasts, material.linear->predict(windows, row), windows.standards[row]);
  return forecasts;
}

void judge_part(const SeriesMaterial& material, const char* part, std::span<const int64_t> rows,
                const Predictor& predictor, const Dataset& data, Team& team, TrainResult& result) {
  if (rows.empty()) return;
  const std::vector<WindowPlace> places = places_of(material, rows);
  const auto add = [&](const char* method, const std::vector<double>& forecasts) {
    ForecastScore score = score_forecasts(material.set, material.features, places, forecasts,
                                          material.features.naive_errors);
    score.part = part;
    score.method = method;
    result.forecasts.push_back(score);
  };
  add("network", network_forecasts(material, data, rows, predictor, team));
  const ForecastScore& network = result.forecasts.back();
  result.metrics[part] = {{"mae", network.mae}, {"rmse", network.rmse}, {"smape", network.smape}};
  if (!std::isnan(network.mase)) result.metrics[part]["mase"] = network.mase;
  add("naive", naive_forecasts(material.set, material.features, places));
  if (material.features.season > 1) {
    add("seasonal naive", seasonal_naive_forecasts(material.set, material.features, places));
  }
  if (!material.linear) return;
  SeriesWindows windows;  // the data set itself is the run's
  for (const WindowPlace& place : places)
    append_window(windows, material.set, material.features, place, false);
  std::vector<int64_t> all(places.size());
  for (size_t i = 0; i < all.size(); ++i) all[i] = static_cast<int64_t>(i);
  add("linear", linear_forecasts(material, windows, all));
}

std::string description_of(const SeriesMaterial& material) {
  const SeriesFeatures& features = material.features;
  return fmt::format(
      "{} series with a step of {}; windows of {} steps, {}; values are measured from the mean of "
      "the {}.",
      material.set.series.size(), features.step.to_text(), features.window,
      features.season > 1 ? fmt::format("a season of {}", features.season) : "no season",
      features.window_level ? "window" : "series");
}

}  // namespace

std::shared_ptr<SeriesMaterial> series_material(SeriesSet set, const std::vector<SeriesCuts>& cuts,
                                                const RunOptions& options,
                                                const std::string& date_format) {
  auto material = std::make_shared<SeriesMaterial>();
  const std::vector<int64_t> ends = training_ends(cuts);
  material->features = SeriesFeatures::fit(set, ends, options.series);
  material->features.date_format = date_format;
  material->features.naive_errors = mase_scales(set, ends, material->features.season);
  material->set = std::move(set);
  const SeriesFeatures& features = material->features;
  material->windows = make_windows(material->set, features, cuts, options.series.stride);
  if (material->windows.train.empty()) {
    throw Error(ErrorCode::data,
                fmt::format("No window of {} steps is left to train on: at least half of its steps "
                            "must have a \"{}\".",
                            features.window, features.columns.target));
  }
  material->linear =
      LinearForecast::fit(material->set, features, material->windows, material->windows.train);
  return material;
}

Prepared prepare_series(const std::shared_ptr<const SeriesMaterial>& material, Dataset data,
                        const RunOptions& options, const LocationOfRow& location) {
  const SeriesFeatures& features = material->features;
  const SeriesWindows& windows = material->windows;
  Prepared prepared;
  prepared.trained.series = features;
  prepared.trained.target = Target::of_numbers(names_of_steps(features));
  prepared.trained.loss = to_string(choose_loss(options.training.loss, Task::regression));
  prepared.data = std::move(data);
  prepared.split = {windows.train, windows.validation, windows.test};
  prepared.split_by = "time";
  prepared.remarks = material->set.remarks;
  prepared.remarks.push_back(description_of(*material));
  prepared.location = [material, location](int64_t row) {
    const auto [series, origin] = material->windows.places[row];
    for (int64_t step = origin - 1; step >= 0; --step) {
      const int64_t place = material->set.series[series].rows[step];
      if (place >= 0) return "the window that ends with " + location(place);
    }
    return std::string("the first window");
  };
  prepared.judge = [material](const Predictor& predictor, const Prepared& now, Team& team,
                              TrainResult& result) {
    const auto judge = [&](const char* part, const std::vector<int64_t>& rows) {
      judge_part(*material, part, rows, predictor, now.data, team, result);
    };
    judge("train", now.split.train);
    judge("validation", now.split.validation);
    judge("test", now.split.test);
  };
  return prepared;
}

}  // namespace sinapse
