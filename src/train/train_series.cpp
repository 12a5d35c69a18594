// From time series to a model that forecasts, beside the simple ways to do so.
#include "train/train_series.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <optional>

#include <fmt/format.h>

#include <sinapse/error.h>
#include <sinapse/loss.h>

#include "train/linear_start.h"
#include "train/prepare_series.h"
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

// Infinite if there is none: it was stopped.
double validation_mase(const TrainResult& result) {
  for (const ForecastScore& score : result.forecasts)
    if (score.part == "validation" && score.method == "network" && !result.interrupted)
      return score.mase;
  return std::numeric_limits<double>::infinity();
}

TrainResult train_once(SeriesSet set, const std::vector<SeriesCuts>& cuts,
                       const RunOptions& options, const std::string& date_format,
                       const LocationOfRow& location, const TrainCallbacks& callbacks) {
  const auto material = series_material(std::move(set), cuts, options, date_format);
  const SeriesFeatures& features = material->features;
  RunOptions resolved = options;
  resolved.series.window = features.window;
  resolved.series.season = features.season;
  resolved.series.level = features.window_level ? "window" : "series";
  const auto run = [&](Dataset data, bool linear, const RunOptions& how,
                       const TrainCallbacks& heard) {
    Prepared prepared = prepare_series(material, std::move(data), options, location);
    if (linear) {
      prepared.first_weights = [material](const NetworkDescription& network) {
        return linear_start(*material->linear, material->features.horizon, network);
      };
    }
    return TrainingRun(std::move(prepared), how, heard).run();
  };
  const auto trial = [&](bool linear) -> double {
    RunOptions once = resolved;
    once.checkpoint = {.interval = Seconds{0}};
    const TrainCallbacks quiet{.should_stop = callbacks.should_stop};
    try {
      return validation_mase(run(material->windows.data, linear, once, quiet));
    } catch (const Error& error) {
      if (error.code() != ErrorCode::numeric) throw;
      return std::numeric_limits<double>::infinity();
    }
  };
  const bool linear = material->linear && wants_choice_of_start(options, material->windows) &&
                      choose_linear_start(trial, callbacks);
  return run(std::move(material->windows.data), linear, resolved, callbacks);
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
                                    const std::string& date_format, const LocationOfRow& location,
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
