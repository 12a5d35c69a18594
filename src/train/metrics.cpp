#include "train/metrics.h"

#include <cmath>

#include "train/bootstrap.h"
#include "train/metric_table.h"

namespace sinapse {

namespace {

enum class Which { essential, all };

template <class Outcomes>
Metrics metrics_of(const Outcomes& outcomes, RowWeights weights, Which which) {
  Metrics values;
  for (const Metric& metric : metric_table()) {
    if (!applies(metric, outcomes)) continue;
    if (which == Which::essential && !metric.definition.essential) continue;
    const double value = value_of(metric, outcomes, weights);
    if (!std::isnan(value)) values[std::string(metric.definition.name)] = value;
  }
  return values;
}

ClassReport class_report(const ClassOutcomes& outcomes, RowWeights weights,
                         const std::vector<std::string>& names) {
  const ClassCounts counts = count_classes(outcomes, weights);
  ClassReport report;
  for (size_t c = 0; c < names.size(); ++c) {
    report.classes.push_back(
        {names[c], counts.precision(c), counts.recall(c), counts.f1(c), counts.in_truth[c]});
  }
  if (names.size() > ClassReport::kMaxConfusionClasses) return report;
  report.confusion.resize(names.size() * names.size());
  for (size_t row = 0; row < outcomes.num_rows(); ++row) {
    report.confusion[outcomes.truth[row] * names.size() + outcomes.predicted[row]] +=
        weight_of(weights, row);
  }
  return report;
}

ClassReport report_of(const ClassOutcomes& outcomes, RowWeights weights,
                      const TargetColumn& column) {
  return class_report(outcomes, weights, column.classes);
}
ClassReport report_of(const NumberOutcomes&, RowWeights, const TargetColumn&) {
  return {};
}

/// An evaluation but for the report: metrics and their intervals.
template <class Outcomes>
Evaluation evaluation_of(const Outcomes& outcomes, RowWeights weights,
                         const EvaluationOptions& options, Team& team) {
  Evaluation evaluation{.rows = static_cast<int64_t>(outcomes.num_rows()),
                        .metrics = metrics_of(outcomes, weights, Which::all)};
  evaluation.intervals = bootstrap_intervals(outcomes, weights, evaluation.metrics, options, team);
  return evaluation;
}

// Each target by itself, then their means.
template <class Outcomes>
Evaluation evaluation_of_several(const SeveralOutcomes<Outcomes>& outcomes, const Target& target,
                                 RowWeights weights, const EvaluationOptions& options, Team& team) {
  Evaluation evaluation = evaluation_of(outcomes, weights, options, team);
  for (size_t t = 0; t < outcomes.targets.size(); ++t) {
    const TargetColumn& column = target.columns()[t];
    const Outcomes& one = outcomes.targets[t];
    TargetEvaluation result{.name = column.name, .rows = static_cast<int64_t>(one.num_rows())};
    if (one.num_rows() > 0) {
      const LongList<double> own = outcomes.weights_of(t, weights);
      Evaluation alone = evaluation_of(one, own, options, team);
      result.metrics = std::move(alone.metrics);
      result.intervals = std::move(alone.intervals);
      result.report = report_of(one, own, column);
    }
    evaluation.targets.push_back(std::move(result));
  }
  return evaluation;
}

}  // namespace

GatheredOutcomes::GatheredOutcomes(const Target& target, bool in_memory) : target_(target) {
  if (is_classification(target.task()))
    outcomes_ = ClassOutcomes();
  else if (target.task() == Task::multilabel)
    outcomes_ = LabelOutcomes();
  else if (target.is_one())
    outcomes_ = NumberOutcomes();
  else
    outcomes_ = SeveralOutcomes<NumberOutcomes>();
  if (!in_memory) return;
  weights_.keep_in_memory();
  std::visit(
      [&](auto& outcomes) {
        append(outcomes, {}, {}, target);
        outcomes.keep_in_memory();
      },
      outcomes_);
}

void GatheredOutcomes::add(std::span<const float> outputs, std::span<const float> encoded,
                           std::span<const double> weights) {
  std::visit([&](auto& outcomes) { append(outcomes, outputs, encoded, target_); }, outcomes_);
  for (const double weight : weights) weights_.push_back(weight);
}

Metrics GatheredOutcomes::essential() const {
  return std::visit(
      [&](const auto& outcomes) -> Metrics {
        if (outcomes.num_rows() == 0) return {};
        return metrics_of(outcomes, weights_, Which::essential);
      },
      outcomes_);
}

Evaluation GatheredOutcomes::all(const EvaluationOptions& options, Team& team) const {
  const auto several = [&](const auto& outcomes) {
    return evaluation_of_several(outcomes, target_, weights_, options, team);
  };
  if (const auto* classes = std::get_if<ClassOutcomes>(&outcomes_)) {
    if (classes->num_rows() == 0) return {};
    Evaluation evaluation = evaluation_of(*classes, weights_, options, team);
    evaluation.report = class_report(*classes, weights_, target_.classes());
    return evaluation;
  }
  if (const auto* labels = std::get_if<LabelOutcomes>(&outcomes_)) {
    return labels->num_rows() == 0 ? Evaluation() : several(*labels);
  }
  if (const auto* numbers = std::get_if<NumberOutcomes>(&outcomes_)) {
    if (numbers->num_rows() == 0) return {};
    return evaluation_of(*numbers, weights_, options, team);
  }
  const auto& numbers = std::get<SeveralOutcomes<NumberOutcomes>>(outcomes_);
  return numbers.num_rows() == 0 ? Evaluation() : several(numbers);
}

Metrics evaluate_outputs(std::span<const float> outputs, std::span<const float> encoded,
                         const Target& target, std::span<const double> weights) {
  GatheredOutcomes outcomes(target);
  outcomes.add(outputs, encoded, weights);
  return outcomes.essential();
}

std::map<std::string, Interval> metric_intervals(std::span<const float> outputs,
                                                 std::span<const float> encoded,
                                                 const Target& target, RowWeights weights,
                                                 const Metrics& point,
                                                 const EvaluationOptions& options, Team& team) {
  if (encoded.empty()) return {};
  const auto intervals = [&](auto outcomes) {
    return bootstrap_intervals(std::move(outcomes), weights, point, options, team);
  };
  if (is_classification(target.task())) return intervals(class_outcomes(outputs, encoded, target));
  if (target.task() == Task::multilabel) return intervals(label_outcomes(outputs, encoded, target));
  if (target.is_one()) return intervals(number_outcomes(outputs, encoded, target));
  return intervals(several_numbers(outputs, encoded, target));
}

}  // namespace sinapse
