#include "figures/answer_figures.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <fmt/format.h>

#include <sinapse/error.h>

#include "figures/curves.h"

namespace sinapse {

namespace {

constexpr size_t kMostCurves = 8;     // as many as there are colours
constexpr size_t kMostPoints = 2000;  // of a curve

// One class against the others.
struct OneClass {
  std::vector<double> scores;
  std::vector<uint8_t> positive;
  ScoredRows rows() const { return {scores, positive}; }
};

OneClass one_class(const ClassAnswers& answers, size_t index) {
  OneClass one;
  const size_t classes = answers.classes.size();
  for (size_t row = 0; row < answers.rows(); ++row) {
    one.scores.push_back(answers.probabilities[row * classes + index]);
    one.positive.push_back(static_cast<size_t>(answers.truth[row]) == index ? 1 : 0);
  }
  return one;
}

// Those whose curves are drawn: the second of two, else the most frequent, in their own order.
std::vector<size_t> classes_to_draw(const ClassAnswers& answers) {
  if (answers.classes.size() == 2) return {1};
  std::vector<int64_t> counts(answers.classes.size());
  for (const int32_t truth : answers.truth) ++counts[static_cast<size_t>(truth)];
  std::vector<size_t> order(counts.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](size_t a, size_t b) { return counts[a] > counts[b]; });
  order.resize(std::min(order.size(), kMostCurves));
  std::sort(order.begin(), order.end());
  return order;
}

double area_under(const Curve& curve) {
  double area = 0;
  for (size_t i = 1; i < curve.x.size(); ++i) {
    area += (curve.x[i] - curve.x[i - 1]) * (curve.y[i] + curve.y[i - 1]) / 2;
  }
  return area;
}

double average_precision(const Curve& curve) {
  double area = 0, before = 0;
  for (size_t i = 0; i < curve.x.size(); ++i) {
    area += (curve.x[i] - before) * curve.y[i];
    before = curve.x[i];
  }
  return area;
}

// A file need not hold a point for each of a million rows.
Curve thinned(Curve curve) {
  const size_t every = (curve.x.size() + kMostPoints - 1) / kMostPoints;
  if (every <= 1) return curve;
  Curve thin;
  for (size_t i = 0; i < curve.x.size(); ++i) {
    if (i % every != 0 && i + 1 != curve.x.size()) continue;
    thin.x.push_back(curve.x[i]);
    thin.y.push_back(curve.y[i]);
  }
  return thin;
}

void add_curves(Chart& chart, const ClassAnswers& answers, Curve (*curve_of)(const ScoredRows&),
                double (*number_of)(const Curve&), const char* number_name) {
  for (const size_t index : classes_to_draw(answers)) {
    const Curve curve = curve_of(one_class(answers, index).rows());
    if (curve.x.empty()) continue;
    const std::string number =
        number_of ? fmt::format(" ({} {})", number_name,
                                chart.words.number(fmt::format("{:.4f}", number_of(curve))))
                  : "";
    Curve drawn = thinned(curve);
    chart.series.push_back({.name = answers.classes[index] + number,
                            .x = std::move(drawn.x),
                            .y = std::move(drawn.y),
                            .low = {},
                            .high = {},
                            .paint = Paint::series(static_cast<int>(chart.series.size()))});
  }
}

void add_reference(Chart& chart, std::vector<double> x, std::vector<double> y) {
  chart.series.push_back({.name = "",
                          .x = std::move(x),
                          .y = std::move(y),
                          .style = Series::Style::dashed,
                          .low = {},
                          .high = {},
                          .paint = Paint(Ink::muted)});
}

}  // namespace

ClassAnswers class_answers(const Predictions& predictions, std::span<const float> truth,
                           const Target& target) {
  if (predictions.classes.empty() || predictions.probabilities.empty()) {
    throw Error(ErrorCode::usage,
                fmt::format("This figure needs a model that gives probabilities of classes; the "
                            "model's task is {}.",
                            name_of(target.task())));
  }
  ClassAnswers answers{.classes = predictions.classes, .truth = {}, .probabilities = {}};
  const size_t width = answers.classes.size();
  for (size_t row = 0; row < truth.size(); ++row) {
    if (std::isnan(truth[row])) continue;
    answers.truth.push_back(static_cast<int32_t>(truth[row]));
    const auto first = predictions.probabilities.begin() + static_cast<std::ptrdiff_t>(row * width);
    answers.probabilities.insert(answers.probabilities.end(), first,
                                 first + static_cast<std::ptrdiff_t>(width));
  }
  return answers;
}

Chart roc_chart(const ClassAnswers& answers, Words words) {
  Chart chart{.title = words("ROC"),
              .x_label = words("false positive rate"),
              .y_label = words("true positive rate"),
              .series = {},
              .x_range = Range{0, 1},
              .y_range = Range{0, 1},
              .words = words};
  add_curves(chart, answers, roc_curve, area_under, "AUC");
  add_reference(chart, {0, 1}, {0, 1});
  return chart;
}

Chart precision_recall_chart(const ClassAnswers& answers, Words words) {
  Chart chart{.title = words("Precision and recall"),
              .x_label = words("recall"),
              .y_label = words("precision"),
              .series = {},
              .x_range = Range{0, 1},
              .y_range = Range{0, 1.02},
              .words = words};
  add_curves(chart, answers, precision_recall_curve, average_precision, "AP");
  if (answers.classes.size() == 2 && answers.rows() > 0) {  // what chance reaches
    const auto positive = std::count(answers.truth.begin(), answers.truth.end(), 1);
    const double share = static_cast<double>(positive) / static_cast<double>(answers.rows());
    add_reference(chart, {0, 1}, {share, share});
  }
  return chart;
}

Chart lift_chart(const ClassAnswers& answers, Words words) {
  Chart chart{.title = words("Lift"),
              .x_label = words("share of the rows, most probable first"),
              .y_label = words("times as many as by chance"),
              .series = {},
              .x_range = Range{0, 1},
              .words = words};
  add_curves(chart, answers, lift_curve, nullptr, "");
  add_reference(chart, {0, 1}, {1, 1});
  return chart;
}

Chart calibration_chart(const ClassAnswers& answers, Words words) {
  const bool binary = answers.classes.size() == 2;
  OneClass one;
  for (size_t row = 0; row < answers.rows(); ++row) {
    const auto first =
        answers.probabilities.begin() + static_cast<std::ptrdiff_t>(row * answers.classes.size());
    const auto predicted = static_cast<size_t>(
        std::max_element(first, first + static_cast<std::ptrdiff_t>(answers.classes.size())) -
        first);
    const size_t index = binary ? 1 : predicted;
    one.scores.push_back(first[static_cast<std::ptrdiff_t>(index)]);
    one.positive.push_back(static_cast<size_t>(answers.truth[row]) == index ? 1 : 0);
  }
  const Calibration bins = calibrate(one.rows(), 10);
  Chart chart{.title = words("Calibration"),
              .x_label = binary ? words("probability of {}", answers.classes[1])
                                : words("probability of the predicted class"),
              .y_label = words("share that was so"),
              .series = {},
              .x_range = Range{0, 1},
              .y_range = Range{0, 1},
              .words = words};
  chart.series.push_back({.name = "",
                          .x = bins.confidence,
                          .y = bins.share,
                          .low = bins.low,
                          .high = bins.high,
                          .paint = {}});
  chart.series.push_back({.name = "",
                          .x = bins.confidence,
                          .y = bins.share,
                          .style = Series::Style::dots,
                          .low = {},
                          .high = {},
                          .paint = Paint::series(0)});
  add_reference(chart, {0, 1}, {0, 1});
  return chart;
}

std::vector<int64_t> confusion_counts(const ClassAnswers& answers) {
  const size_t classes = answers.classes.size();
  std::vector<int64_t> counts(classes * classes);
  for (size_t row = 0; row < answers.rows(); ++row) {
    const auto first = answers.probabilities.begin() + static_cast<std::ptrdiff_t>(row * classes);
    const auto predicted = static_cast<size_t>(
        std::max_element(first, first + static_cast<std::ptrdiff_t>(classes)) - first);
    ++counts[static_cast<size_t>(answers.truth[row]) * classes + predicted];
  }
  return counts;
}

}  // namespace sinapse
