#include "train/metrics.h"

#include <algorithm>
#include <cmath>

#include "ops/scalars.h"
#include "train/bootstrap.h"
#include "train/metric_table.h"

namespace sinapse {

namespace {

void softmax(const float* logits, int64_t n, double* p) {
  const double largest = *std::max_element(logits, logits + n);
  double sum = 0;
  for (int64_t i = 0; i < n; ++i) sum += p[i] = std::exp(logits[i] - largest);
  for (int64_t i = 0; i < n; ++i) p[i] /= sum;
}

std::vector<int32_t> labels_of(std::span<const double> probabilities, int64_t num_classes) {
  std::vector<int32_t> labels;
  for (size_t i = 0; i < probabilities.size(); i += num_classes) {
    const auto* row = probabilities.data() + i;
    labels.push_back(static_cast<int32_t>(std::max_element(row, row + num_classes) - row));
  }
  return labels;
}

enum class Which { essential, all };

template <class Outcomes>
Metrics metrics_of(const Outcomes& outcomes, Which which) {
  Metrics values;
  for (const Metric& metric : metric_table()) {
    if (!applies(metric, outcomes)) continue;
    if (which == Which::essential && !metric.definition.essential) continue;
    const double value = value_of(metric, outcomes, {});
    if (!std::isnan(value)) values[std::string(metric.definition.name)] = value;
  }
  return values;
}

ClassReport class_report(const ClassOutcomes& outcomes, const std::vector<std::string>& names) {
  const ClassCounts counts = count_classes(outcomes, {});
  ClassReport report;
  for (size_t c = 0; c < names.size(); ++c) {
    report.classes.push_back({names[c], counts.precision(c), counts.recall(c), counts.f1(c),
                              static_cast<int64_t>(counts.in_truth[c])});
  }
  if (names.size() > ClassReport::kMaxConfusionClasses) return report;
  report.confusion.resize(names.size() * names.size());
  for (size_t row = 0; row < outcomes.num_rows(); ++row) {
    ++report.confusion[outcomes.truth[row] * names.size() + outcomes.predicted[row]];
  }
  return report;
}

template <class Outcomes>
Evaluation evaluation_of(const Outcomes& outcomes, const EvaluationOptions& options, Team& team) {
  Evaluation evaluation{.rows = static_cast<int64_t>(outcomes.num_rows()),
                        .metrics = metrics_of(outcomes, Which::all)};
  evaluation.intervals = bootstrap_intervals(outcomes, evaluation.metrics, options, team);
  return evaluation;
}

}  // namespace

std::vector<double> probabilities_of(std::span<const float> outputs, const Target& target) {
  const auto n = static_cast<int64_t>(target.classes().size());
  std::vector<double> probabilities;
  if (target.task() == Task::binary) {
    for (const float logit : outputs) {
      probabilities.push_back(sigmoid(-static_cast<double>(logit)));
      probabilities.push_back(sigmoid(static_cast<double>(logit)));
    }
    return probabilities;
  }
  probabilities.resize(outputs.size());
  for (size_t i = 0; i < outputs.size(); i += n) {
    softmax(outputs.data() + i, n, probabilities.data() + i);
  }
  return probabilities;
}

ClassOutcomes class_outcomes(std::span<const float> outputs, std::span<const float> encoded,
                             const Target& target) {
  ClassOutcomes outcomes{.num_classes = static_cast<int>(target.classes().size()),
                         .truth = {encoded.begin(), encoded.end()}};
  outcomes.probabilities = probabilities_of(outputs, target);
  outcomes.predicted = labels_of(outcomes.probabilities, outcomes.num_classes);
  if (target.task() == Task::binary) outcomes.logits.assign(outputs.begin(), outputs.end());
  return outcomes;
}

NumberOutcomes number_outcomes(std::span<const float> outputs, std::span<const float> encoded,
                               const Target& target) {
  NumberOutcomes outcomes;
  for (size_t i = 0; i < outputs.size(); ++i) {
    outcomes.truth.push_back(target.restore(encoded[i]));
    outcomes.predicted.push_back(target.decode(outputs[i]));
  }
  return outcomes;
}

Metrics evaluate_outputs(std::span<const float> outputs, std::span<const float> encoded,
                         const Target& target) {
  if (encoded.empty()) return {};
  if (target.task() == Task::regression) {
    return metrics_of(number_outcomes(outputs, encoded, target), Which::essential);
  }
  return metrics_of(class_outcomes(outputs, encoded, target), Which::essential);
}

Evaluation evaluate_fully(std::span<const float> outputs, std::span<const float> encoded,
                          const Target& target, const EvaluationOptions& options, Team& team) {
  if (encoded.empty()) return {};
  Evaluation evaluation;
  if (target.task() == Task::regression) {
    evaluation = evaluation_of(number_outcomes(outputs, encoded, target), options, team);
  } else {
    const ClassOutcomes outcomes = class_outcomes(outputs, encoded, target);
    evaluation = evaluation_of(outcomes, options, team);
    evaluation.report = class_report(outcomes, target.classes());
  }
  return evaluation;
}

}  // namespace sinapse
