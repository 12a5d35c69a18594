#include "train/bootstrap.h"

#include <cmath>

#include <fmt/format.h>

#include <sinapse/error.h>

#include "data/philox.h"

namespace sinapse {

namespace {

constexpr int64_t kMaxResamples = 1'000'000;

void check(const EvaluationOptions& options) {
  if (options.bootstrap < 0 || options.bootstrap > kMaxResamples) {
    throw Error(ErrorCode::usage, fmt::format("bootstrap must be between 0 and {}, but is {}.",
                                              kMaxResamples, options.bootstrap));
  }
  if (!(options.confidence > 0 && options.confidence < 1)) {
    throw Error(ErrorCode::usage, fmt::format("confidence must be above 0 and below 1, but is {}.",
                                              options.confidence));
  }
}

// How often each row stands in a resample, times its weight.
std::vector<double> draw_rows(size_t rows, RowWeights weights, uint64_t seed, int64_t resample) {
  const RandomStream random(seed, Purpose::bootstrap, resample);
  std::vector<double> times(rows);
  for (size_t i = 0; i < rows; ++i) ++times[(uint64_t{random.bits(i)} * rows) >> 32];
  for (size_t i = 0; i < weights.size(); ++i) times[i] *= weights[i];
  return times;
}

std::vector<double> defined_and_sorted(const std::vector<double>& values) {
  std::vector<double> defined;
  for (const double value : values) {
    if (!std::isnan(value)) defined.push_back(value);
  }
  std::sort(defined.begin(), defined.end());
  return defined;
}

template <class Outcomes>
std::map<std::string, Interval> intervals_of(const Outcomes& outcomes, RowWeights weights,
                                             const Metrics& point, const EvaluationOptions& options,
                                             Team& team) {
  std::vector<const Metric*> wanted;
  for (const Metric& metric : metric_table()) {
    if (point.contains(std::string(metric.definition.name))) wanted.push_back(&metric);
  }
  std::vector<std::vector<double>> values(wanted.size(), std::vector<double>(options.bootstrap));
  team.run(options.bootstrap, [&](int64_t resample, int) {
    const std::vector<double> times =
        draw_rows(outcomes.num_rows(), weights, options.seed, resample);
    for (size_t m = 0; m < wanted.size(); ++m) {
      values[m][resample] = value_of(*wanted[m], outcomes, times);
    }
  });
  std::map<std::string, Interval> intervals;
  for (size_t m = 0; m < wanted.size(); ++m) {
    const std::vector<double> sorted = defined_and_sorted(values[m]);
    if (sorted.empty()) continue;
    const double tail = (1 - options.confidence) / 2;
    intervals[std::string(wanted[m]->definition.name)] = {quantile(sorted, tail),
                                                          quantile(sorted, 1 - tail)};
  }
  return intervals;
}

}  // namespace

double quantile(std::span<const double> sorted, double q) {
  const double place = q * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<size_t>(place);
  const size_t above = std::min(below + 1, sorted.size() - 1);
  const double part = place - static_cast<double>(below);
  return sorted[below] + part * (sorted[above] - sorted[below]);
}

template <class Outcomes>
std::map<std::string, Interval> bootstrap_intervals(Outcomes outcomes, RowWeights weights,
                                                    const Metrics& point,
                                                    const EvaluationOptions& options, Team& team) {
  check(options);
  if (options.bootstrap == 0) return {};
  outcomes.keep_orders();
  return intervals_of(outcomes, weights, point, options, team);
}

template std::map<std::string, Interval> bootstrap_intervals(ClassOutcomes, RowWeights,
                                                             const Metrics&,
                                                             const EvaluationOptions&, Team&);
template std::map<std::string, Interval> bootstrap_intervals(NumberOutcomes, RowWeights,
                                                             const Metrics&,
                                                             const EvaluationOptions&, Team&);
template std::map<std::string, Interval> bootstrap_intervals(LabelOutcomes, RowWeights,
                                                             const Metrics&,
                                                             const EvaluationOptions&, Team&);
template std::map<std::string, Interval> bootstrap_intervals(SeveralOutcomes<NumberOutcomes>,
                                                             RowWeights, const Metrics&,
                                                             const EvaluationOptions&, Team&);

}  // namespace sinapse
