// What a model predicts, on average, when one column has this or that value in all rows.
#pragma once

#include <sinapse/model.h>

namespace sinapse {

struct DependenceOptions {
  int64_t points = 20;      ///< values of a column of numbers or dates, at most; at least 2
  int64_t max_rows = 1000;  ///< of more rows so many are drawn at random; 0: all of them
  std::string target;       ///< which of several targets; empty: the first
  uint64_t seed = 1;
  int threads = 1;  ///< 0: one for each processor; results do not depend on it
};

/// One column. Predictions are numbers in the unit of the target, or probabilities of classes (of
/// two, of the second), or scores after a hinge loss.
struct PartialDependence {
  std::string column;
  ColumnKind kind = ColumnKind::number;
  std::vector<double> numbers;       ///< of numbers and dates: where the column was set to, rising
  std::vector<std::string> texts;    ///< the same as texts; of categories the texts themselves
  std::vector<std::string> outputs;  ///< what is predicted: "rent", or the classes
  std::vector<double> mean;          ///< [values, outputs]
  std::vector<double> low, high;     ///< [values, outputs]: 10 % of the rows are below, or above
  int64_t rows = 0;                  ///< over which the means go
};

/// Sets the column to each value in all rows and predicts (Friedman 2001). The values are those
/// that occur: of numbers and dates quantiles from 2.5 % to 97.5 %, of categories the 30 most
/// frequent ones, in the order of their places. Rows that are unlikely to have such a value count,
/// too: a column that goes with others is better looked at together with them.
/// Throws Error(usage) for a model of arrays, a column that the model does not read, or text.
PartialDependence partial_dependence(const Model& model, const Table& table,
                                     const std::string& column,
                                     const DependenceOptions& options = {});

}  // namespace sinapse
