// Why a model predicts what it predicts for one row: how much each column adds.
#pragma once

#include <sinapse/model.h>

namespace sinapse {

struct AttributionOptions {
  /// What a row is compared with. mean: the mean of the encoded rows of the table, so that a
  /// category counts with its share and an embedding with its mean vector. zero: all inputs 0, for
  /// standardised numbers the mean of the training rows.
  std::string baseline = "mean";
  std::string target;         ///< which of several targets; empty: the first
  std::string output;         ///< a class; empty: the predicted one, or the second of two
  int64_t max_rows = 10'000;  ///< of more rows the baseline is the mean of so many, drawn at random
  uint64_t seed = 1;
};

struct Contribution {
  std::string column, value;  ///< the cell as text, "missing" if it is
  double amount = 0;
};

/// Of numbers that are standardised or scaled, amounts are in the unit of the target; of all others
/// in that of the network's output: log odds, logits, logarithms, scores.
struct RowExplanation {
  int64_t row = 0;
  std::string output;   ///< "rent", or the class
  std::string unit;     ///< "rent", "log odds", "logit", "log rent", "score"
  double baseline = 0;  ///< the output for the baseline
  double value = 0;     ///< the output for the row: baseline + all amounts + gap
  double gap = 0;       ///< what the integration leaves over
  std::vector<Contribution> contributions;  ///< the largest amounts first
};

/// Integrated gradients (Sundararajan, Taly, Yan 2017) along the straight line from the baseline,
/// in double precision, summed over the inputs made from a column; an interaction's is shared by
/// its two columns. Throws Error(usage) for a model of arrays, a row or a class that there is not.
RowExplanation explain_row(const Model& model, const Table& table, int64_t row,
                           const AttributionOptions& options = {});

/// The same of several rows.
std::vector<RowExplanation> explain_rows(const Model& model, const Table& table,
                                         const std::vector<int64_t>& rows,
                                         const AttributionOptions& options = {});

}  // namespace sinapse
