#include "figures/curves.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace sinapse {

namespace {

// Positive and negative rows at or above a threshold.
struct Counts {
  double positive = 0, negative = 0;
};

// One entry for each threshold, from the highest.
std::vector<Counts> counts_above(const ScoredRows& rows) {
  std::vector<size_t> order(rows.scores.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](size_t a, size_t b) { return rows.scores[a] > rows.scores[b]; });
  std::vector<Counts> thresholds;
  Counts counts;
  for (size_t i = 0; i < order.size(); ++i) {
    (rows.positive[order[i]] != 0 ? counts.positive : counts.negative) += 1;
    const bool last = i + 1 == order.size() || rows.scores[order[i + 1]] < rows.scores[order[i]];
    if (last) thresholds.push_back(counts);
  }
  return thresholds;
}

constexpr double kNormal95 = 1.959963984540054;

}  // namespace

Curve roc_curve(const ScoredRows& rows) {
  const std::vector<Counts> thresholds = counts_above(rows);
  if (thresholds.empty()) return {};
  const Counts all = thresholds.back();
  if (all.positive == 0 || all.negative == 0) return {};
  Curve curve{{0}, {0}};
  for (const Counts& counts : thresholds) {
    curve.x.push_back(counts.negative / all.negative);
    curve.y.push_back(counts.positive / all.positive);
  }
  return curve;
}

Curve precision_recall_curve(const ScoredRows& rows) {
  const std::vector<Counts> thresholds = counts_above(rows);
  if (thresholds.empty() || thresholds.back().positive == 0) return {};
  Curve curve;
  for (const Counts& counts : thresholds) {
    curve.x.push_back(counts.positive / thresholds.back().positive);
    curve.y.push_back(counts.positive / (counts.positive + counts.negative));
  }
  return curve;
}

Curve lift_curve(const ScoredRows& rows) {
  const std::vector<Counts> thresholds = counts_above(rows);
  if (thresholds.empty() || thresholds.back().positive == 0) return {};
  const Counts all = thresholds.back();
  const double base = all.positive / (all.positive + all.negative);
  Curve curve;
  for (const Counts& counts : thresholds) {
    const double taken = counts.positive + counts.negative;
    curve.x.push_back(taken / (all.positive + all.negative));
    curve.y.push_back(counts.positive / taken / base);
  }
  return curve;
}

Calibration calibrate(const ScoredRows& rows, int bins) {
  std::vector<double> sums(static_cast<size_t>(bins)), positive(sums.size());
  std::vector<int64_t> counts(sums.size());
  for (size_t i = 0; i < rows.scores.size(); ++i) {
    const auto bin =
        static_cast<size_t>(std::clamp(static_cast<int>(rows.scores[i] * bins), 0, bins - 1));
    sums[bin] += rows.scores[i];
    positive[bin] += rows.positive[i];
    ++counts[bin];
  }
  Calibration calibration;
  for (size_t bin = 0; bin < sums.size(); ++bin) {
    if (counts[bin] == 0) continue;
    const double n = static_cast<double>(counts[bin]), share = positive[bin] / n;
    const double z = kNormal95 * kNormal95 / n;
    const double centre = (share + z / 2) / (1 + z);
    const double margin = kNormal95 / (1 + z) * std::sqrt(share * (1 - share) / n + z / (4 * n));
    calibration.confidence.push_back(sums[bin] / n);
    calibration.share.push_back(share);
    calibration.rows.push_back(counts[bin]);
    calibration.low.push_back(std::max(0.0, centre - margin));
    calibration.high.push_back(std::min(1.0, centre + margin));
  }
  return calibration;
}

}  // namespace sinapse
