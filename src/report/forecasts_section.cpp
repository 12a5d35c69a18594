// Of a series: the network's forecasts beside the simple ways, which it has to beat.
#include <cmath>

#include <fmt/format.h>

#include <sinapse/error.h>
#include <sinapse/forecast.h>

#include "figures/chart.h"
#include "figures/forecast_figure.h"
#include "network/trained_network.h"
#include "report/html.h"
#include "report/part_answers.h"
#include "report/sections.h"

namespace sinapse {

namespace {

constexpr size_t kMostSeries = 4;  // whose forecasts are drawn

std::string bars_of(const Report& report, const std::string& part) {
  Bars bars{.title = fmt::format("MASE, {} steps", part),
            .x_label = "below 1 is better than the seasonal naive forecast of the training steps",
            .names = {},
            .values = {},
            .low = {},
            .high = {}};
  for (const ForecastScore& score : report.result.forecasts) {
    if (score.part != part || !std::isfinite(score.mase)) continue;
    bars.names.push_back(score.method);
    bars.values.push_back(score.mase);
  }
  return bars.names.empty() ? "" : figure(draw(bars, 720));
}

// The last forecasts that can be judged, over what was then seen.
std::string last_steps(const Report& report) {
  if (report.evaluation == nullptr || report.table == nullptr) return "";
  const Forecasts& last = report.evaluation->last;
  std::string html, before;
  size_t shown = 0;
  for (const ForecastRow& row : last.rows) {
    if (!html.empty() && row.series == before) continue;
    if (++shown > kMostSeries) break;
    before = row.series;
    Chart chart = forecast_chart(report.result.model, *report.table, last, row.series);
    html += figure(draw(chart, {720, 360}));
  }
  return html;
}

// How errors grow along the horizon.
std::string by_step(const Report& report) {
  if (report.evaluation == nullptr || report.evaluation->by_step.size() < 2) return "";
  const auto& steps = report.evaluation->by_step;
  Chart chart{.title = "Errors by step",
              .x_label = "steps ahead",
              .y_label = "mean absolute error",
              .series = {},
              .whole_x = true};
  HtmlTable table{.head = {"step"}, .rows = {}, .numbers = {0}};
  for (size_t m = 0; m < steps.front().size(); ++m) {
    Series line{
        .name = steps.front()[m].method, .x = {}, .y = {}, .low = {}, .high = {}, .paint = {}};
    for (size_t h = 0; h < steps.size(); ++h) {
      line.x.push_back(static_cast<double>(h + 1));
      line.y.push_back(steps[h][m].mae);
    }
    table.head.push_back("MAE " + line.name);
    table.numbers.insert(m + 1);
    chart.series.push_back(std::move(line));
  }
  Range range{0, 0};
  for (const Series& line : chart.series)
    for (const double error : line.y) range.include(error);
  chart.y_range = rounded(range, 6);
  for (size_t h = 0; h < steps.size(); ++h) {
    table.rows.push_back({std::to_string(h + 1)});
    for (const ForecastScore& score : steps[h]) table.rows.back().push_back(number_text(score.mae));
  }
  return figure(draw(chart, {720, 360})) + details("Every step", to_html(table));
}

// What comes after the last step, of the first series; nothing where that takes more than the data
// say, such as columns whose future is not there.
std::string next_steps(const Report& report) {
  const Model& model = report.result.model;
  if (report.evaluation != nullptr || report.table == nullptr || !model.trained().series) return "";
  try {
    const Forecasts forecasts = forecast(model, *report.table);
    return figure(draw(forecast_chart(model, *report.table, forecasts, ""), {720, 360}));
  } catch (const Error&) {
    return "";
  }
}

}  // namespace

std::string forecasts_section(const Report& report) {
  const auto& forecasts = report.result.forecasts;
  if (forecasts.empty()) return "";
  HtmlTable table{.head = {"forecast", "part", "MASE", "sMAPE", "MAE", "RMSE"},
                  .rows = {},
                  .numbers = {2, 3, 4, 5}};
  for (const ForecastScore& score : forecasts) {
    table.rows.push_back({html_text(score.method), html_text(score.part), number_text(score.mase),
                          number_text(score.smape), number_text(score.mae),
                          number_text(score.rmse)});
  }
  return section(
      "forecasts", "Beside the simple ways",
      next_steps(report) + last_steps(report) + bars_of(report, judge_of(report)) + to_html(table) +
          by_step(report) +
          note(fmt::format("naive repeats the last value, seasonal naive the last season{}. "
                           "MASE: Hyndman, Koehler 2006.",
                           report.evaluation == nullptr
                               ? "; linear is autoregression from the same inputs"
                               : "")));
}

}  // namespace sinapse
