// Finds the season of a series by its autocorrelation.
#include <algorithm>
#include <cmath>

#include "features/series_features.h"

namespace sinapse {

namespace {

constexpr int64_t kLongestSeason = 1000;  // that is looked for among plain numbers
constexpr double kClear = 0.2;            // correlation, and its height over the trough before
constexpr double kNearlyTheLargest = 0.9;

std::vector<double> without_line(std::span<const double> values) {
  const auto n = static_cast<double>(values.size());
  double mean = 0, slope = 0, spread = 0;
  for (const double value : values) mean += value / n;
  for (size_t i = 0; i < values.size(); ++i) {
    const double place = static_cast<double>(i) - (n - 1) / 2;
    slope += place * (values[i] - mean);
    spread += place * place;
  }
  if (spread > 0) slope /= spread;
  std::vector<double> rest(values.size());
  for (size_t i = 0; i < values.size(); ++i)
    rest[i] = values[i] - mean - slope * (static_cast<double>(i) - (n - 1) / 2);
  return rest;
}

double covariance(std::span<const double> x, size_t lag) {
  double sum = 0;
  for (size_t i = lag; i < x.size(); ++i) sum += x[i] * x[i - lag];
  return sum / static_cast<double>(x.size() - lag);
}

// Periods of the calendar in steps, where they are whole numbers or nearly so.
std::vector<int64_t> candidates_of(const TimeStep& step, int64_t longest) {
  std::vector<int64_t> candidates;
  if (!step.date) {
    for (int64_t lag = 2; lag <= std::min(longest, kLongestSeason); ++lag)
      candidates.push_back(lag);
    return candidates;
  }
  constexpr double kDay = 86400;
  for (const double period : {kDay, 7 * kDay, 365.2425 * kDay}) {
    const double steps = std::round(period / step.approximate_size());
    if (steps >= 2 && steps <= static_cast<double>(longest))
      candidates.push_back(static_cast<int64_t>(steps));
  }
  return candidates;
}

}  // namespace

int64_t find_season(std::span<const double> values, const TimeStep& step) {
  const auto longest = static_cast<int64_t>(values.size()) / 2;
  const std::vector<int64_t> candidates = candidates_of(step, longest);
  if (candidates.empty()) return 1;
  const std::vector<double> rest = without_line(values);
  const double variance = covariance(rest, 0);
  if (!(variance > 0)) return 1;
  std::vector<double> correlation{1};
  for (int64_t lag = 1; lag <= std::min(candidates.back() + 1, longest); ++lag)
    correlation.push_back(covariance(rest, static_cast<size_t>(lag)) / variance);

  std::vector<int64_t> peaks;
  double trough = 1, largest = 0;
  int64_t next = 1;
  for (const int64_t lag : candidates) {
    for (; next < lag; ++next) trough = std::min(trough, correlation[next]);
    const double here = correlation[lag];
    const bool is_peak =
        step.date ||
        (here > correlation[lag - 1] &&
         (lag + 1 >= static_cast<int64_t>(correlation.size()) || here >= correlation[lag + 1]));
    if (!is_peak || here < kClear || here - trough < kClear) continue;
    peaks.push_back(lag);
    largest = std::max(largest, here);
  }
  for (const int64_t lag : peaks)
    if (correlation[lag] >= kNearlyTheLargest * largest) return lag;
  return 1;
}

}  // namespace sinapse
