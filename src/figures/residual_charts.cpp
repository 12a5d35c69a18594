// How far predicted numbers are off.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include <sinapse/error.h>

#include "figures/answer_figures.h"

namespace sinapse {

namespace {

constexpr size_t kMostDots = 5000;  // more only hide each other

Range padded(Range range) {
  const double margin = 0.03 * (range.high - range.low);
  return {range.low - margin, range.high + margin};
}

Series series_of(Series::Style style) {
  return {.name = "",
          .x = {},
          .y = {},
          .style = style,
          .low = {},
          .high = {},
          .paint = Paint::series(0)};
}

// Some of the rows as dots.
Series dots_of(const std::vector<double>& x, const std::vector<double>& y) {
  Series dots = series_of(Series::Style::dots);
  const size_t every = std::max<size_t>(1, x.size() / kMostDots);
  for (size_t i = 0; i < x.size(); i += every) {
    dots.x.push_back(x[i]);
    dots.y.push_back(y[i]);
  }
  return dots;
}

Range range_of(const std::vector<double>& values) {
  Range range = Range::nothing();
  for (const double value : values) range.include(value);
  return range;
}

Chart fit_chart(const NumberAnswers& answers, Words words) {
  Range both = range_of(answers.truth);
  for (const double value : answers.predicted) both.include(value);
  both = padded(both);
  Series diagonal = series_of(Series::Style::dashed);
  diagonal.x = diagonal.y = {both.low, both.high};
  diagonal.paint = Paint(Ink::muted);
  return {.title = words("Predicted and true"),
          .x_label = words("true {}", answers.target),
          .y_label = words("predicted"),
          .series = {dots_of(answers.truth, answers.predicted), diagonal},
          .x_range = both,
          .y_range = both,
          .words = words};
}

Chart spread_chart(const NumberAnswers& answers, const std::vector<double>& residuals,
                   Words words) {
  return {.title = words("Residuals"),
          .x_label = words("predicted {}", answers.target),
          .y_label = words("predicted - true"),
          .series = {dots_of(answers.predicted, residuals)},
          .cross = true,
          .words = words};
}

Chart histogram_chart(const std::vector<double>& residuals, Words words) {
  const Range range = range_of(residuals);
  const int bins =
      std::clamp(static_cast<int>(std::sqrt(static_cast<double>(residuals.size()))), 5, 40);
  const double width = std::max((range.high - range.low) / bins, 1e-300);
  Series bars = series_of(Series::Style::bars);
  bars.y.assign(static_cast<size_t>(bins), 0);
  for (int bin = 0; bin < bins; ++bin) bars.x.push_back(range.low + (bin + 0.5) * width);
  for (const double residual : residuals) {
    if (!can_place(residual)) continue;
    ++bars.y[static_cast<size_t>(
        std::clamp(static_cast<int>((residual - range.low) / width), 0, bins - 1))];
  }
  return {.title = words("How often"),
          .x_label = words("predicted - true"),
          .y_label = words("rows"),
          .series = {bars},
          .x_range = Range{range.low, range.low + bins * width},
          .words = words};
}

}  // namespace

NumberAnswers number_answers(const Predictions& predictions, std::span<const float> truth,
                             const Target& target, size_t column) {
  if (predictions.values.size() != truth.size()) {
    throw Error(
        ErrorCode::usage,
        fmt::format("This figure needs a model that predicts numbers; the model's task is {}.",
                    name_of(target.task())));
  }
  const TargetColumn& of = target.columns()[column];
  NumberAnswers answers{.target = of.name, .truth = {}, .predicted = {}};
  for (size_t row = 0; row < truth.size(); ++row) {
    if (std::isnan(truth[row])) continue;
    answers.truth.push_back(of.restore(truth[row]));
    answers.predicted.push_back(predictions.values[row]);
  }
  return answers;
}

std::vector<Chart> residual_charts(const NumberAnswers& answers, Words words) {
  std::vector<double> residuals;
  for (size_t i = 0; i < answers.truth.size(); ++i)
    residuals.push_back(answers.predicted[i] - answers.truth[i]);
  return {fit_chart(answers, words), spread_chart(answers, residuals, words),
          histogram_chart(residuals, words)};
}

}  // namespace sinapse
