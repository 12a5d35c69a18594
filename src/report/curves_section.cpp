// How the losses fell and the metrics rose.
#include <fmt/format.h>

#include "figures/history_figure.h"
#include "report/html.h"
#include "report/sections.h"

namespace sinapse {

namespace {

constexpr Size kHalfPage{540, 330};

}  // namespace

std::string curves_section(const Report& report) {
  if (report.result.history.empty()) return "";
  std::vector<std::string> figures;
  for (const Chart& chart : history_charts({without_twins(history_of(report.result.history))})) {
    figures.push_back(figure(draw(chart, kHalfPage)));
  }
  return section("curves", "Learning curves",
                 figure_row(figures) + note(fmt::format("The model has the weights of epoch {}.",
                                                        report.result.best_epoch)));
}

}  // namespace sinapse
