// Which columns a model relies on: how much worse it gets when one of them is shuffled.
#pragma once

#include <sinapse/model.h>

namespace sinapse {

struct ImportanceOptions {
  /// A name of metric.h, or "loss". auto: roc_auc for two classes and labels, accuracy for more
  /// classes, r2 for numbers.
  std::string metric = "auto";
  int64_t repeats = 10;       ///< shuffles of each column; at least 2
  double confidence = 0.95;   ///< of the intervals
  int64_t max_rows = 10'000;  ///< of more rows so many are drawn at random; 0: all of them
  std::vector<int64_t> rows;  ///< which rows of the table to ask about; empty: all with an answer
  uint64_t seed = 1;
  int threads = 1;  ///< 0: one for each processor; results do not depend on it
};

/// What shuffling one column of the table costs, in the unit of the metric; above 0 is worse.
struct ColumnImportance {
  std::string column;
  double importance = 0;  ///< the mean over the shuffles
  /// importance ± t deviation, with t of repeats - 1 degrees of freedom: each shuffle is measured
  /// on a resample of the rows of its own, so that the deviation tells of the rows at hand, too.
  Interval interval;
  std::vector<double> repeats;  ///< of each shuffle, on all rows
};

struct PermutationImportance {
  std::string metric;
  double score = 0;                       ///< the metric on the rows as they are
  int64_t rows = 0;                       ///< that were asked about
  std::vector<ColumnImportance> columns;  ///< the most important first
};

/// Shuffles each column that the model reads among the rows (Breiman 2001; Fisher, Rudin, Dominici
/// 2019), with all inputs made from it: marks of missing cells, one-hot places, interactions. A
/// column that the network does not use has exactly 0. Columns that say the same share their
/// importance: shuffling one of them costs little. Of a model of time series the steps of the past
/// (near ones alone, farther ones in spans), known columns and the calendar are shuffled among the
/// windows, and the metric is mae. Deterministic.
/// Throws Error(usage) for a model of images or an unknown metric, Error(data) if no row has an
/// answer or the metric is not defined for them.
PermutationImportance permutation_importance(const Model& model, const Table& table,
                                             const ImportanceOptions& options = {});

}  // namespace sinapse
