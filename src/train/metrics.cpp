#include "train/metrics.h"

#include <algorithm>
#include <cmath>

#include "ops/scalars.h"
#include "train/bootstrap.h"
#include "train/metric_table.h"

namespace sinapse {

#include "ops/losses-inl.h"

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

double mean_squared_error(std::span<const float> outputs, std::span<const float> truth) {
  double sum = 0;
  for (size_t i = 0; i < outputs.size(); ++i) {
    const double error = static_cast<double>(outputs[i]) - truth[i];
    sum += error * error;
  }
  return sum / static_cast<double>(outputs.size());
}

double mean_binary_cross_entropy(std::span<const float> logits, std::span<const float> truth) {
  double sum = 0;
  for (size_t i = 0; i < logits.size(); ++i) {
    sum +=
        SigmoidCrossEntropy::value(static_cast<double>(logits[i]), static_cast<double>(truth[i]));
  }
  return sum / static_cast<double>(logits.size());
}

double mean_cross_entropy(std::span<const float> logits, std::span<const float> truth) {
  const auto n = static_cast<int64_t>(logits.size() / truth.size());
  double sum = 0;
  for (size_t i = 0; i < truth.size(); ++i) {
    const float* row = logits.data() + i * n;
    const double largest = *std::max_element(row, row + n);
    double total = 0;
    for (int64_t c = 0; c < n; ++c) total += std::exp(row[c] - largest);
    sum += largest + std::log(total) - row[static_cast<int64_t>(truth[i])];
  }
  return sum / static_cast<double>(truth.size());
}

double mean_loss(std::span<const float> outputs, std::span<const float> encoded, Task task) {
  if (task == Task::regression) return mean_squared_error(outputs, encoded);
  if (task == Task::binary) return mean_binary_cross_entropy(outputs, encoded);
  return mean_cross_entropy(outputs, encoded);
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
    outcomes.truth.push_back(target.decode(encoded[i]));
    outcomes.predicted.push_back(target.decode(outputs[i]));
  }
  return outcomes;
}

Metrics evaluate_outputs(std::span<const float> outputs, std::span<const float> encoded,
                         const Target& target) {
  if (encoded.empty()) return {};
  Metrics values = target.task() == Task::regression
                       ? metrics_of(number_outcomes(outputs, encoded, target), Which::essential)
                       : metrics_of(class_outcomes(outputs, encoded, target), Which::essential);
  values["loss"] = mean_loss(outputs, encoded, target.task());
  return values;
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
  evaluation.metrics["loss"] = mean_loss(outputs, encoded, target.task());
  return evaluation;
}

}  // namespace sinapse
