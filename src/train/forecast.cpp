#include <algorithm>

#include <fmt/format.h>

#include <sinapse/error.h>
#include <sinapse/forecast.h>

#include "network/trained_network.h"
#include "train/predictor.h"
#include "train/series_windows.h"

namespace sinapse {

namespace {

constexpr int64_t kBatchRows = 512;
constexpr int64_t kMostSteps = 1'000'000;

std::string named(const TimeSeries& series) {
  return series.id.empty() ? "the series" : fmt::format("the series \"{}\"", series.id);
}

class Forecaster {
 public:
  Forecaster(const TrainedNetwork& trained, const Table& table, int64_t steps)
      : features_(*trained.series),
        predictor_(trained.network, input_descriptions(trained), kBatchRows),
        set_(read_series(table, features_.columns, features_.step)),
        steps_(steps == 0 ? features_.horizon : steps) {
    predictor_.set_weights(trained.weights);
    require_steps();
    for (TimeSeries& series : set_.series) prepare(series, table);
  }

  Forecasts run(Team& team) {
    const int64_t rounds = (steps_ + features_.horizon - 1) / features_.horizon;
    for (int64_t round = 0; round < rounds; ++round) add_horizon(team);
    Forecasts forecasts{.time = features_.columns.time,
                        .series = features_.columns.id,
                        .target = features_.columns.target,
                        .dates = features_.step.date,
                        .remarks = set_.remarks};
    for (const TimeSeries& series : set_.series) {
      const int64_t first = series.length + features_.gap;
      for (int64_t step = first; step < first + steps_; ++step)
        forecasts.rows.push_back(
            {series.id, features_.step.after(series.start, step), series.filled[step]});
    }
    return forecasts;
  }

 private:
  void require_steps() const {
    if (steps_ < 1 || steps_ > kMostSteps) {
      throw Error(ErrorCode::usage,
                  fmt::format("steps must be between 1 and {}, but is {}.", kMostSteps, steps_));
    }
    if (features_.gap == 0 || steps_ <= features_.horizon) return;
    throw Error(ErrorCode::usage,
                fmt::format("The model leaves a gap of {} steps, so that it forecasts {} steps at "
                            "most, but {} are asked for.",
                            features_.gap, features_.horizon, steps_));
  }

  // The series with room for all forecasts behind its last value.
  void prepare(TimeSeries& series, const Table& table) {
    const int64_t last_row = *std::find_if(series.rows.rend() - series.length, series.rows.rend(),
                                           [](int64_t row) { return row >= 0; });
    if (series.length < features_.window) {
      throw Error(ErrorCode::data,
                  fmt::format("{}: {} has {} steps up to its last \"{}\", but the model sees {}.",
                              table.location(last_row), named(series), series.length,
                              features_.columns.target, features_.window));
    }
    const int64_t needed = series.length + features_.gap + steps_;
    if (!features_.known.empty() && series.num_steps() < needed) {
      throw Error(
          ErrorCode::data,
          fmt::format("{}: {} has no rows after {}, but the columns whose future is known must "
                      "reach to {}. Add rows with \"{}\" and without \"{}\".",
                      table.location(last_row), named(series),
                      time_of(series, series.num_steps() - 1), time_of(series, needed - 1),
                      features_.columns.known.front(), features_.columns.target));
    }
    if (features_.index_of(series.id) < 0) {
      set_.remarks.push_back(
          fmt::format("The model does not know {}: it is scaled by its last {} steps.",
                      named(series), features_.window));
    }
    const auto room = static_cast<size_t>(needed + features_.horizon);
    series.filled.resize(std::max(room, series.filled.size()), series.filled.back());
    for (std::vector<double>& known : series.known)
      known.resize(std::max(room, known.size()), known.back());
    origins_.push_back(series.length);
  }

  std::string time_of(const TimeSeries& series, int64_t step) const {
    return format_time(features_.step.after(series.start, step), features_.step.date);
  }

  // Every series a horizon further.
  void add_horizon(Team& team) {
    SeriesWindows windows;
    for (size_t s = 0; s < set_.series.size(); ++s)
      append_window(windows, set_, features_, {static_cast<int32_t>(s), origins_[s]}, false);
    const std::vector<float> outputs = predictor_.run(windows.data, {}, team);
    for (size_t s = 0; s < set_.series.size(); ++s) {
      const Standard& standard = windows.standards[s];
      for (int64_t h = 0; h < features_.horizon; ++h)
        set_.series[s].filled[origins_[s] + features_.gap + h] =
            static_cast<double>(outputs[s * features_.horizon + h]) * standard.deviation +
            standard.mean;
      origins_[s] += features_.horizon;
    }
  }

  const SeriesFeatures& features_;
  Predictor predictor_;
  SeriesSet set_;
  int64_t steps_;
  std::vector<int64_t> origins_;  // of the next forecast, for each series
};

}  // namespace

Forecasts forecast(const Model& model, const Table& table, int64_t steps, int threads) {
  if (!model.trained().series) {
    throw Error(ErrorCode::usage,
                "The model forecasts no series. One that does is trained with a horizon, as in: "
                "sinapse train series.csv --target y --time month --horizon 12");
  }
  Team team(threads);
  return Forecaster(model.trained(), table, steps).run(team);
}

}  // namespace sinapse
