// Metrics: the table of them, and what an evaluation tells.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace sinapse {

/// One row of the table of metrics (src/train/metric_table.cpp). Definitions are scikit-learn's.
struct MetricDefinition {
  std::string_view name;  ///< "roc_auc", as in metrics.json
  std::string_view formula;
  std::string_view doc;     ///< one sentence: what it tells, and where it is not defined
  std::string_view source;  ///< authors and year, or empty
  bool of_classes;          ///< for classes and labels; else for numbers
  bool larger_is_better;
  bool essential;  ///< shown after every epoch and in tables; the others in JSON only
};

/// In the order of tables: those of classes, then those of numbers.
std::vector<const MetricDefinition*> metrics();

/// Throws Error(usage) with the nearest name if there is none of that name.
const MetricDefinition& metric_named(std::string_view name);

/// Values by name. A metric that is not defined for the rows at hand is left out.
using Metrics = std::map<std::string, double>;

struct Interval {
  double low = 0, high = 0;
};

/// One class against the rest. Precision and recall are 0 where nothing was predicted or true.
struct ClassMetrics {
  std::string name;
  double precision = 0;  ///< of the rows predicted as this class, the share that is it
  double recall = 0;     ///< of the rows of this class, the share that was found
  double f1 = 0;         ///< harmonic mean of both
  double support = 0;    ///< rows of this class, or the sum of their weights
};

/// What there is to say class by class; empty for regression.
struct ClassReport {
  static constexpr size_t kMaxConfusionClasses = 256;

  std::vector<ClassMetrics> classes;
  /// [true class, predicted class], rows or the sum of their weights; empty with more than 256
  /// classes.
  std::vector<double> confusion;
};

/// How good the predictions of one of several targets are.
struct TargetEvaluation {
  std::string name;
  int64_t rows = 0;  ///< with a known answer
  Metrics metrics;
  std::map<std::string, Interval> intervals;
  ClassReport report;  ///< of a label
};

/// How good predictions are.
struct Evaluation {
  int64_t rows = 0;                           ///< with a known answer
  Metrics metrics;                            ///< "loss", then all that apply; means over targets
  std::map<std::string, Interval> intervals;  ///< of the metrics, if a bootstrap was asked for
  ClassReport report;
  std::vector<TargetEvaluation> targets;  ///< each of several targets; empty for one
};

struct EvaluationOptions {
  /// Resamples of the rows from which intervals are taken (percentile bootstrap; Efron 1979); 0:
  /// none. Resamples depend on the seed alone, not on threads.
  int64_t bootstrap = 0;
  double confidence = 0.95;  ///< share of the resamples that lies within an interval
  uint64_t seed = 1;
  int threads = 1;  ///< 0: one for each processor
};

}  // namespace sinapse
