// Intervals of metrics by resampling the rows.
#pragma once

#include <sinapse/metric.h>
#include <sinapse/team.h>

#include "train/metric_table.h"

namespace sinapse {

/// The percentile interval of each metric of `point` over resamples of as many rows, drawn with
/// replacement (Efron 1979); a row counts as often as it was drawn, times its weight. Resamples for
/// which a metric is not defined do not count for it. The same for any number of threads. Throws
/// Error(usage) for options that make no sense.
template <class Outcomes>
std::map<std::string, Interval> bootstrap_intervals(Outcomes outcomes, RowWeights weights,
                                                    const Metrics& point,
                                                    const EvaluationOptions& options, Team& team);

/// The value below which the share q of sorted values lies, between neighbours in proportion.
double quantile(std::span<const double> sorted, double q);

}  // namespace sinapse
