// How the losses fell and the metrics rose.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "figures/history_figure.h"
#include "report/html.h"
#include "report/sections.h"

namespace sinapse {

namespace {

constexpr Size kHalfPage{540, 330};

// Whether two metrics say the same in every epoch, but for rounding.
bool are_twins(const std::vector<double>& a, const std::vector<double>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](double one, double other) {
    return std::abs(one - other) <= 1e-5 * std::abs(one);
  });
}

// Without metrics that are the loss under another name.
History without_twins(History history) {
  const std::vector<double>* loss = history.column("val_loss");
  if (loss == nullptr) return history;
  const std::vector<double> values = *loss;
  for (size_t i = history.columns.size(); i-- > 0;) {
    if (history.columns[i] == "val_loss" || !are_twins(history.values[i], values)) continue;
    history.columns.erase(history.columns.begin() + static_cast<std::ptrdiff_t>(i));
    history.values.erase(history.values.begin() + static_cast<std::ptrdiff_t>(i));
  }
  return history;
}

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
