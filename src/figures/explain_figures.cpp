#include "figures/explain_figures.h"

#include <algorithm>
#include <numeric>
#include <span>

#include <fmt/format.h>

namespace sinapse {

namespace {

constexpr size_t kMostLines = 8;  // as many as there are colours

std::vector<double> column_of(const std::vector<double>& values, size_t output, size_t width) {
  std::vector<double> column;
  for (size_t i = output; i < values.size(); i += width) column.push_back(values[i]);
  return column;
}

double spread(const std::vector<double>& values) {
  const auto [low, high] = std::minmax_element(values.begin(), values.end());
  return *high - *low;
}

// Those that change the most, in their own order.
std::vector<size_t> outputs_to_draw(const PartialDependence& dependence) {
  const size_t width = dependence.outputs.size();
  std::vector<size_t> order(width);
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) {
    return spread(column_of(dependence.mean, a, width)) >
           spread(column_of(dependence.mean, b, width));
  });
  order.resize(std::min(order.size(), kMostLines));
  std::sort(order.begin(), order.end());
  return order;
}

std::string y_label(const PartialDependence& dependence) {
  return dependence.outputs.size() == 1 ? "predicted " + dependence.outputs[0]
                                        : "predicted probability";
}

Drawing category_bars(const PartialDependence& dependence, double width) {
  return draw(Bars{.title = "Predictions along " + dependence.column,
                   .x_label = y_label(dependence) + "; whiskers: 10 to 90 % of the rows",
                   .names = dependence.texts,
                   .values = dependence.mean,
                   .low = dependence.low,
                   .high = dependence.high},
              width);
}

std::string named(const Contribution& contribution) {
  return contribution.column + " = " + contribution.value;
}

}  // namespace

Bars importance_bars(const PermutationImportance& importance, size_t most) {
  Bars bars{.title = "Importance of columns",
            .x_label = fmt::format("what shuffling the column costs in {}", importance.metric),
            .names = {},
            .values = {},
            .low = {},
            .high = {}};
  const size_t count = std::min(most, importance.columns.size());
  if (count < importance.columns.size()) {
    bars.title = fmt::format("Importance of {} of {} columns", count, importance.columns.size());
  }
  for (const ColumnImportance& column : std::span(importance.columns).first(count)) {
    bars.names.push_back(column.column);
    bars.values.push_back(column.importance);
    bars.low.push_back(column.interval.low);
    bars.high.push_back(column.interval.high);
  }
  return bars;
}

Drawing dependence_figure(const PartialDependence& dependence, Size size) {
  const size_t width = dependence.outputs.size();
  const bool categories = dependence.numbers.empty();
  if (categories && width == 1) return category_bars(dependence, size.width);
  Chart chart{.title = "Predictions along " + dependence.column,
              .x_label = dependence.column,
              .y_label = y_label(dependence),
              .series = {},
              .dates = dependence.kind == ColumnKind::date};
  std::vector<double> x = dependence.numbers;
  if (categories) {
    chart.x_names = dependence.texts;
    x.resize(dependence.texts.size());
    std::iota(x.begin(), x.end(), 0.0);
  }
  for (const size_t output : outputs_to_draw(dependence)) {
    Series series{.name = width > 1 ? dependence.outputs[output] : "",
                  .x = x,
                  .y = column_of(dependence.mean, output, width),
                  .style = categories ? Series::Style::dots : Series::Style::line,
                  .low = {},
                  .high = {},
                  .paint = Paint::series(static_cast<int>(chart.series.size()))};
    if (width == 1) {
      series.low = dependence.low;
      series.high = dependence.high;
    }
    chart.series.push_back(std::move(series));
  }
  return draw(chart, size);
}

Bars row_bars(const RowExplanation& explanation, size_t most) {
  const auto& all = explanation.contributions;
  Bars bars{.title = fmt::format("Row {}: {} {:.4g}; baseline {:.4g}", explanation.row + 1,
                                 explanation.output, explanation.value, explanation.baseline),
            .x_label = "what the column adds, in " + explanation.unit,
            .names = {},
            .values = {},
            .low = {},
            .high = {}};
  const size_t count = all.size() > most ? most - 1 : all.size();
  for (const Contribution& one : std::span(all).first(count)) {
    bars.names.push_back(named(one));
    bars.values.push_back(one.amount);
  }
  if (count == all.size()) return bars;
  bars.names.push_back(fmt::format("{} other columns", all.size() - count));
  bars.values.push_back(
      std::accumulate(all.begin() + static_cast<std::ptrdiff_t>(count), all.end(), 0.0,
                      [](double sum, const Contribution& one) { return sum + one.amount; }));
  return bars;
}

}  // namespace sinapse
