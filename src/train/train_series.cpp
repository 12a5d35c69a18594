// From time series to a model that forecasts, beside the simple ways to do so.
#include "train/train_series.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <optional>

#include <fmt/format.h>

#include <sinapse/error.h>
#include <sinapse/loss.h>

#include "train/baselines.h"
#include "train/forecast_scores.h"
#include "train/training_run.h"

namespace sinapse {

namespace {

[[noreturn]] void fail(const std::string& message) {
  throw Error(ErrorCode::usage, message);
}

void check(const RunOptions& options, const Table* test) {
  const DataOptions& data = options.data;
  if (data.time.empty()) {
    fail("series.horizon is set, so data.time must name the column with the times (--time).");
  }
  if (data.target.empty()) fail("Which column is to be forecast? Set data.target (--target).");
  if (test != nullptr) {
    fail("The test part of a series is its end: set data.test_split (--test-split), no test set.");
  }
  if (!options.network.from.empty()) fail("network.from: training on series begins anew.");
  if (!data.weight.empty()) fail("data.weight: the steps of a series have no weights.");
  if (data.task != "auto" && data.task != name_of(Task::regression)) {
    fail(fmt::format("data.task is {}, but series are forecast as numbers.", data.task));
  }
  if (data.split_by != "auto" && data.split_by != "time") {
    fail(fmt::format("data.split_by is {}, but series are cut by time alone.", data.split_by));
  }
  if (options.training.stateful) {
    fail(
        "training.stateful: windows of a series overlap, and each is forecast from by itself. A "
        "table whose rows are to go on from one another is no series: leave out series.horizon.");
  }
  if (options.series.backtest < 0) fail("series.backtest must be at least 0.");
  check_shares({data.validation_split, data.test_split});
  const Loss loss = choose_loss(options.training.loss, Task::regression);
  if (loss.definition->form != OutputForm::standardised) {
    fail(fmt::format("The loss {} takes no scaled numbers, as those of a series are.",
                     loss.definition->name));
  }
}

std::vector<std::string> names_of_steps(const SeriesFeatures& features) {
  std::vector<std::string> names;
  for (int64_t h = 1; h <= features.horizon; ++h)
    names.push_back(fmt::format("{}+{}", features.columns.target, h));
  return names;
}

/// Series and their windows, for as long as they are judged.
struct Material {
  SeriesSet set;
  SeriesFeatures features;
  SeriesWindows windows;
  std::optional<LinearForecast> linear;
};

std::vector<WindowPlace> places_of(const Material& material, std::span<const int64_t> rows) {
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

std::vector<double> network_forecasts(const Material& material, const Dataset& data,
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

std::vector<double> linear_forecasts(const Material& material, const SeriesWindows& windows,
                                     std::span<const int64_t> rows) {
  std::vector<double> forecasts;
  for (const int64_t row : rows)
    append_restored(forecasts, material.linear->predict(windows, row), windows.standards[row]);
  return forecasts;
}

void judge_part(const Material& material, const char* part, std::span<const int64_t> rows,
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

std::string description_of(const Material& material) {
  const SeriesFeatures& features = material.features;
  return fmt::format(
      "{} series with a step of {}; windows of {} steps, {}; values are measured from the mean of "
      "the {}.",
      material.set.series.size(), features.step.to_text(), features.window,
      features.season > 1 ? fmt::format("a season of {}", features.season) : "no season",
      features.window_level ? "window" : "series");
}

TrainResult train_once(SeriesSet set, const std::vector<SeriesCuts>& cuts,
                       const RunOptions& options, const std::string& date_format,
                       const std::function<std::string(int64_t row)>& location,
                       const TrainCallbacks& callbacks) {
  const auto material = std::make_shared<Material>();
  const std::vector<int64_t> ends = training_ends(cuts);
  material->features = SeriesFeatures::fit(set, ends, options.series);
  material->features.date_format = date_format;
  material->features.naive_errors = mase_scales(set, ends, material->features.season);
  material->set = std::move(set);
  const SeriesFeatures& features = material->features;
  material->windows = make_windows(material->set, features, cuts, options.series.stride);
  SeriesWindows& windows = material->windows;
  if (windows.train.empty()) {
    throw Error(ErrorCode::data,
                fmt::format("No window of {} steps is left to train on: at least half of its steps "
                            "must have a \"{}\".",
                            features.window, features.columns.target));
  }
  material->linear = LinearForecast::fit(material->set, features, windows, windows.train);

  Prepared prepared;
  prepared.trained.series = features;
  prepared.trained.target = Target::of_numbers(names_of_steps(features));
  prepared.trained.loss = to_string(choose_loss(options.training.loss, Task::regression));
  prepared.data = std::move(windows.data);
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
  RunOptions resolved = options;
  resolved.series.window = features.window;
  resolved.series.season = features.season;
  resolved.series.level = features.window_level ? "window" : "series";
  return TrainingRun(std::move(prepared), resolved, callbacks).run();
}

// What was known at that time: the last steps are taken away.
SeriesSet shortened(SeriesSet set, int64_t steps) {
  for (TimeSeries& series : set.series) {
    series.length = std::max<int64_t>(0, series.length - steps);
    const auto length = static_cast<size_t>(series.length);
    series.rows.resize(length);
    series.values.resize(length);
    series.filled.resize(length);
    for (std::vector<double>& known : series.known) known.resize(length);
  }
  set.remarks.clear();
  return set;
}

// One more training for each origin, judged on the horizon after it alone; means over them.
std::vector<ForecastScore> backtest(const SeriesSet& set, const RunOptions& options,
                                    const std::string& date_format,
                                    const std::function<std::string(int64_t)>& location,
                                    const TrainCallbacks& callbacks) {
  const int64_t folds = options.series.backtest;
  std::vector<ForecastScore> means;
  RunOptions once = options;
  once.checkpoint = {.interval = Seconds{0}};
  TrainCallbacks quiet{.should_stop = callbacks.should_stop};
  for (int64_t fold = 0; fold < folds; ++fold) {
    SeriesSet past = shortened(set, (folds - 1 - fold) * options.series.horizon);
    std::vector<SeriesCuts> cuts =
        cut_series(past, options.data.validation_split, 0, options.series.horizon);
    for (SeriesCuts& cut : cuts) {
      cut.train = std::max<int64_t>(0, cut.train - options.series.horizon);
      cut.validation = std::max<int64_t>(0, cut.test - options.series.horizon);
    }
    if (callbacks.on_remark) {
      callbacks.on_remark(
          fmt::format("Back-test {} of {}: training on what was known {} steps "
                      "before the end.",
                      fold + 1, folds, (folds - fold) * options.series.horizon));
    }
    const TrainResult result =
        train_once(std::move(past), cuts, once, date_format, location, quiet);
    for (const ForecastScore& score : result.forecasts) {
      if (score.part != "test") continue;
      const auto found = std::find_if(means.begin(), means.end(), [&](const ForecastScore& mean) {
        return mean.method == score.method;
      });
      ForecastScore& mean = found == means.end() ? means.emplace_back() : *found;
      mean.part = "backtest";
      mean.method = score.method;
      mean.forecasts += score.forecasts;
      const auto share = static_cast<double>(folds);
      mean.mase += score.mase / share;
      mean.smape += score.smape / share;
      mean.mae += score.mae / share;
      mean.rmse += score.rmse / share;
    }
    if (result.interrupted) return {};
  }
  return means;
}

}  // namespace

TrainResult train_series(const Table& table, const RunOptions& options,
                         const TrainCallbacks& callbacks, const Table* test) {
  check(options, test);
  const DataOptions& data = options.data;
  const SeriesSet set = read_series(table, {.time = data.time,
                                            .target = data.target,
                                            .id = options.series.id,
                                            .known = options.series.known});
  const std::string date_format = table.column(data.time).date_format;
  const auto location = [&table](int64_t row) { return table.location(row); };
  std::vector<ForecastScore> origins = backtest(set, options, date_format, location, callbacks);
  const std::vector<SeriesCuts> cuts =
      cut_series(set, data.validation_split, data.test_split, options.series.horizon);
  TrainResult result = train_once(set, cuts, options, date_format, location, callbacks);
  result.forecasts.insert(result.forecasts.end(), origins.begin(), origins.end());
  return result;
}

}  // namespace sinapse
