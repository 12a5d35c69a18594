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

// A date as a year and its part: axes count in numbers.
double place_of(double time, bool dates) {
  constexpr double kSecondsOfYear = 365.2425 * 86400;
  return dates ? 1970 + time / kSecondsOfYear : time;
}

const TimeSeries& find_series(const SeriesSet& set, const std::string& id) {
  std::vector<std::string> ids;
  for (const TimeSeries& series : set.series) {
    if (id.empty() || series.id == id) return series;
    ids.push_back(series.id);
  }
  throw Error(ErrorCode::usage,
              fmt::format("There is no series \"{}\".{}", id, did_you_mean(id, ids)));
}

// A season before, or the last value.
double naive(const TimeSeries& series, int64_t step, int64_t season) {
  int64_t before = season > 1 ? step - season : series.length - 1;
  while (before >= series.length) before -= season;
  return series.filled[std::max<int64_t>(0, before)];
}

}  // namespace

Chart forecast_chart(const Model& model, const Table& table, const Forecasts& forecasts,
                     const std::string& id, Words words) {
  const SeriesFeatures& features = *model.trained().series;
  const SeriesSet set = read_series(table, features.columns, features.step);
  const TimeSeries& series = find_series(set, id);
  const auto place = [&](int64_t step) {
    return place_of(features.step.after(series.start, step), features.step.date);
  };
  Series observed{.name = words("observed"), .x = {}, .y = {}, .low = {}, .high = {}, .paint = {}};
  Series forecast{.name = words("forecast"), .x = {}, .y = {}, .low = {}, .high = {}, .paint = {}};
  for (const ForecastRow& row : forecasts.rows) {
    if (row.series != series.id) continue;
    forecast.x.push_back(place_of(row.time, forecasts.dates));
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
  for (int64_t h = 0; h < steps; ++h)
    simple.y.push_back(naive(series, series.length + features.gap + h, features.season));
  const int64_t shown = std::max({kFewSteps, features.window, 2 * steps});
  for (int64_t step = std::max<int64_t>(0, series.length - shown); step < series.length; ++step) {
    observed.x.push_back(place(step));
    observed.y.push_back(series.values[step]);
  }
  if (features.gap == 0) {  // what is to come begins where the line ends
    for (Series* next : {&forecast, &simple}) {
      next->x.insert(next->x.begin(), observed.x.back());
      next->y.insert(next->y.begin(), series.filled[series.length - 1]);
    }
  }
  const std::string& target = features.columns.target;
  const std::string name = series.id.empty() ? target : words("{} of {}", target, series.id);
  return {.title = words("{}, {} steps ahead", name, steps),
          .x_label = features.step.date ? words("year") : features.columns.time,
          .y_label = target,
          .series = {observed, forecast, simple},
          .words = words};
}

}  // namespace sinapse
