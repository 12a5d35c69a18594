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

// What comes after the last step, of the first series; nothing where that takes more than the data
// say, such as columns whose future is not there.
std::string next_steps(const Report& report) {
  const Model& model = report.result.model;
  if (report.table == nullptr || !model.trained().series) return "";
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
  return section("forecasts", "Beside the simple ways",
                 next_steps(report) + bars_of(report, judge_of(report)) + to_html(table) +
                     note("naive repeats the last value, seasonal naive the last season; linear is "
                          "autoregression from the same inputs. MASE: Hyndman, Koehler 2006."));
}

}  // namespace sinapse
