#include "figures/forecast_figure.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include <sinapse/error.h>

#include "data/nearest.h"
#include "data/time_step.h"
#include "network/trained_network.h"

namespace sinapse {

namespace {

constexpr int64_t kFewSteps = 24;  // that are shown at least

const TimeSeries& find_series(const SeriesSet& set, const std::string& id) {
  std::vector<std::string> ids;
  for (const TimeSeries& series : set.series) {
    if (id.empty() || series.id == id) return series;
    ids.push_back(series.id);
  }
  throw Error(ErrorCode::usage,
              fmt::format("There is no series \"{}\".{}", id, did_you_mean(id, ids)));
}

// The first step that the forecasts of a series did not see: its end, or earlier if they were made
// to be judged.
int64_t origin_of(const TimeSeries& series, const SeriesFeatures& features,
                  const std::vector<double>& times) {
  if (times.empty()) return series.length;
  const auto first = features.step.between(series.start, times.front());
  return std::clamp<int64_t>(first ? *first - features.gap : series.length, 1, series.length);
}

// A season before, or the last value, as known at the origin.
double naive(const TimeSeries& series, int64_t origin, int64_t step, int64_t season) {
  int64_t before = season > 1 ? step - season : origin - 1;
  while (before >= origin) before -= season;
  return series.filled[std::max<int64_t>(0, before)];
}

}  // namespace

Chart forecast_chart(const Model& model, const Table& table, const Forecasts& forecasts,
                     const std::string& id, Words words) {
  const SeriesFeatures& features = *model.trained().series;
  const SeriesSet set = read_series(table, features.columns, features.step);
  const TimeSeries& series = find_series(set, id);
  const auto place = [&](int64_t step) { return features.step.after(series.start, step); };
  Series observed{.name = words("observed"), .x = {}, .y = {}, .low = {}, .high = {}, .paint = {}};
  Series forecast{.name = words("forecast"), .x = {}, .y = {}, .low = {}, .high = {}, .paint = {}};
  std::vector<double> times;
  for (const ForecastRow& row : forecasts.rows) {
    if (row.series != series.id) continue;
    times.push_back(row.time);
    forecast.x.push_back(row.time);
    forecast.y.push_back(row.value);
  }
  Series simple{.name = words(features.season > 1 ? Phrase("seasonal naive") : Phrase("naive")),
                .x = forecast.x,
                .y = {},
                .style = Series::Style::dashed,
                .low = {},
                .high = {},
                .paint = {}};
  const auto steps = static_cast<int64_t>(forecast.x.size());
  const int64_t origin = origin_of(series, features, times);
  for (int64_t h = 0; h < steps; ++h)
    simple.y.push_back(naive(series, origin, origin + features.gap + h, features.season));
  const int64_t shown = std::max({kFewSteps, features.window, 2 * steps});
  for (int64_t step = std::max<int64_t>(0, series.length - shown); step < series.length; ++step) {
    observed.x.push_back(place(step));
    observed.y.push_back(series.values[step]);
  }
  if (features.gap == 0) {  // what is forecast begins where what was seen ends
    for (Series* next : {&forecast, &simple}) {
      next->x.insert(next->x.begin(), place(origin - 1));
      next->y.insert(next->y.begin(), series.filled[origin - 1]);
    }
  }
  const std::string& target = features.columns.target;
  const std::string name = series.id.empty() ? target : words("{} of {}", target, series.id);
  return {.title = words("{}, {} steps ahead", name, steps),
          .x_label = features.columns.time,
          .y_label = target,
          .series = {observed, forecast, simple},
          .dates = features.step.date,
          .words = words};
}

}  // namespace sinapse
