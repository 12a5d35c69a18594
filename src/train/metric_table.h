// The table of metrics with their functions.
#pragma once

#include <sinapse/metric.h>

#include "train/metric_functions.h"

namespace sinapse {

struct Metric {
  MetricDefinition definition;
  double (*of_classes)(const ClassOutcomes&, RowWeights) = nullptr;
  double (*of_numbers)(const NumberOutcomes&, RowWeights) = nullptr;
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

}  // namespace sinapse
