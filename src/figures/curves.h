// The curves behind figures of classifiers.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace sinapse {

struct Curve {
  std::vector<double> x, y;
};

/// Scores of rows of which some are positive. Equal scores are one threshold.
struct ScoredRows {
  std::span<const double> scores;
  std::span<const uint8_t> positive;
};

/// False positive rate → true positive rate, from (0, 0) to (1, 1). Empty if a class is missing.
Curve roc_curve(const ScoredRows& rows);

/// Recall → precision, by falling thresholds. Empty if no row is positive.
Curve precision_recall_curve(const ScoredRows& rows);

/// Share of the rows, by falling score → how many times more positive rows it holds than a random
/// choice. Empty if no row is positive.
Curve lift_curve(const ScoredRows& rows);

/// Bins of equal width between 0 and 1.
struct Calibration {
  std::vector<double> confidence;  // mean probability of the bins that have rows
  std::vector<double> share;       // share of positive rows in them
  std::vector<int64_t> rows;
  std::vector<double> low, high;  // 95 % interval of the share (Wilson 1927)
};
Calibration calibrate(const ScoredRows& rows, int bins);

}  // namespace sinapse
