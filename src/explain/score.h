// One number for how good outputs are.
#pragma once

#include <string>

#include <sinapse/metric.h>

#include "network/trained_network.h"
#include "train/dataset.h"

namespace sinapse {

/// Measures outputs for the rows of one data set by one metric.
class Score {
 public:
  /// `metric` as ImportanceOptions has it. Throws Error(usage) if it is not for the model's task.
  /// Both must outlive this.
  Score(const TrainedNetwork& trained, const Dataset& data, const std::string& metric);

  const std::string& metric() const { return metric_; }
  bool larger_is_better() const { return larger_is_better_; }

  /// Each row counts `times` its weight; empty: once. NaN where the metric is not defined.
  double operator()(std::span<const float> outputs, std::span<const double> times = {}) const;

 private:
  double mean_loss_of(std::span<const float> outputs, std::span<const double> times) const;

  const TrainedNetwork& trained_;
  const Dataset& data_;
  std::string metric_;
  bool larger_is_better_ = false;
};

}  // namespace sinapse
