// The table of metrics with their functions.
#pragma once

#include <cmath>
#include <limits>

#include <sinapse/metric.h>

#include "train/metric_functions.h"

namespace sinapse {

struct Metric {
  MetricDefinition definition;
  double (*of_classes)(const ClassOutcomes&, RowWeights) = nullptr;
  double (*of_numbers)(const NumberOutcomes&, RowWeights) = nullptr;
  double (*of_labels)(const LabelOutcomes&, RowWeights) = nullptr;  // absent: the mean over labels
};

const std::vector<Metric>& metric_table();

/// The value for outcomes of the kind that the metric is for.
inline double value_of(const Metric& metric, const ClassOutcomes& outcomes, RowWeights weights) {
  return metric.of_classes(outcomes, weights);
}
inline double value_of(const Metric& metric, const NumberOutcomes& outcomes, RowWeights weights) {
  return metric.of_numbers(outcomes, weights);
}
inline bool applies(const Metric& metric, const ClassOutcomes&) {
  return metric.of_classes != nullptr;
}
inline bool applies(const Metric& metric, const NumberOutcomes&) {
  return metric.of_numbers != nullptr;
}

inline bool applies(const Metric& metric, const LabelOutcomes&) {
  return metric.of_labels != nullptr || metric.of_classes != nullptr;
}
inline bool applies(const Metric& metric, const SeveralOutcomes<NumberOutcomes>&) {
  return metric.of_numbers != nullptr;
}

/// The mean over the targets for which the metric is defined; NaN if it is for none.
template <class Outcomes>
double mean_over_targets(const Metric& metric, const SeveralOutcomes<Outcomes>& outcomes,
                         RowWeights weights) {
  double sum = 0, defined = 0;
  for (size_t t = 0; t < outcomes.targets.size(); ++t) {
    if (outcomes.targets[t].num_rows() == 0) continue;
    const double value = value_of(metric, outcomes.targets[t], outcomes.weights_of(t, weights));
    if (std::isnan(value)) continue;
    sum += value;
    ++defined;
  }
  return defined > 0 ? sum / defined : std::numeric_limits<double>::quiet_NaN();
}
inline double value_of(const Metric& metric, const LabelOutcomes& outcomes, RowWeights weights) {
  return metric.of_labels ? metric.of_labels(outcomes, weights)
                          : mean_over_targets(metric, outcomes, weights);
}
inline double value_of(const Metric& metric, const SeveralOutcomes<NumberOutcomes>& outcomes,
                       RowWeights weights) {
  return mean_over_targets(metric, outcomes, weights);
}

}  // namespace sinapse
