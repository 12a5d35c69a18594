// How the losses fell and the metrics rose.
#include <fmt/format.h>

#include "figures/history_figure.h"
#include "report/html.h"
#include "report/part_answers.h"
#include "report/sections.h"

namespace sinapse {

namespace {

constexpr Size kHalfPage{540, 330};

// A dot on the curve of the losses that chose the epoch.
void mark_best_epoch(Chart& losses, int64_t best) {
  const Series& judge = losses.series.back();
  for (size_t i = 0; i < judge.x.size(); ++i) {
    if (judge.x[i] != static_cast<double>(best)) continue;
    losses.series.push_back({.name = fmt::format("epoch {}", best),
                             .x = {judge.x[i]},
                             .y = {judge.y[i]},
                             .style = Series::Style::dots,
                             .low = {},
                             .high = {},
                             .paint = Paint(Ink::text)});
    return;
  }
}

std::string remarks(const Report& report) {
  const TrainedNetwork& trained = report.result.model.trained();
  const int64_t best = report.result.best_epoch;
  std::string text =
      has_final_fit(report)
          ? fmt::format(
                "Epoch {} was the best. Then the network learned once more, from the "
                "validation rows, too (training.final_fit).",
                best)
          : fmt::format("The model has the weights of epoch {}.", best);
  if (trained.series) text += " Metrics of epochs are of values scaled as the network sees them.";
  return note(text);
}

}  // namespace

std::string curves_section(const Report& report) {
  if (report.result.history.empty()) return "";
  std::vector<Chart> charts = history_charts({without_twins(history_of(report.result.history))});
  mark_best_epoch(charts.front(), report.result.best_epoch);
  std::vector<std::string> figures;
  for (const Chart& chart : charts) figures.push_back(figure(draw(chart, kHalfPage)));
  return section("curves", "Learning curves", figure_row(figures) + remarks(report));
}

}  // namespace sinapse
