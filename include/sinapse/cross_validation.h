// Cross-validation: how good the models of a run are on rows they have not seen, and how much that
// varies.
#pragma once

#include <sinapse/train.h>

namespace sinapse {

struct CrossValidationOptions {
  int64_t folds = 5;    ///< parts of the rows; each is once the test part
  int64_t repeats = 1;  ///< the whole again with other folds and other initial weights
  double confidence = 0.95;
};

/// One training: which fold was the test part, and what was measured on it.
struct FoldResult {
  int64_t repeat = 0, fold = 0;  ///< from 1
  int64_t training_rows = 0, validation_rows = 0, test_rows = 0;
  int64_t epochs = 0, best_epoch = 0;
  double seconds = 0;
  Metrics metrics;                         ///< of the test part
  std::map<std::string, Metrics> targets;  ///< of each of several targets; empty for one
};

/// One metric over all trainings.
struct MetricSummary {
  double mean = 0;
  double deviation = 0;  ///< standard deviation, with n - 1
  /// mean ± t sqrt(1/n + test rows / training rows) deviation, with t of n - 1 degrees of freedom:
  /// trainings share rows, so deviation / sqrt(n) would promise too much (Nadeau, Bengio 2003).
  /// Missing if n is 1.
  std::optional<Interval> interval;
  int64_t count = 0;  ///< trainings for which the metric is defined
};

using MetricSummaries = std::map<std::string, MetricSummary>;  ///< by the metric's name

struct CrossValidation {
  std::vector<FoldResult> folds;  ///< repeat by repeat
  MetricSummaries metrics;
  std::map<std::string, MetricSummaries> targets;  ///< of each of several targets; empty for one
};

/// Folds are stratified for classes, random for numbers, or by data.group; from the rows of the
/// other folds data.validation_split is taken off for early stopping, so that the test part decides
/// nothing. Deterministic. Throws as train() does, and Error(usage) if the options ask for another
/// test part or another way to split.
CrossValidation cross_validate(const Table& table, const RunOptions& options,
                               const CrossValidationOptions& cross_validation = {},
                               const std::function<void(const FoldResult&)>& on_fold = {},
                               const TrainCallbacks& callbacks = {});

/// Mean, deviation and interval of each metric; of one of several targets, if it is named.
MetricSummaries summarize(const std::vector<FoldResult>& folds, double confidence,
                          const std::string& target = "");

}  // namespace sinapse
