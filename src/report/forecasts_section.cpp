// Of a series: the network's forecasts beside the simple ways, which it has to beat.
#include <cmath>

#include <fmt/format.h>

#include "figures/chart.h"
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
                 bars_of(report, judge_of(report)) + to_html(table) +
                     note("naive repeats the last value, seasonal naive the last season; linear is "
                          "autoregression from the same inputs. MASE: Hyndman, Koehler 2006."));
}

}  // namespace sinapse
