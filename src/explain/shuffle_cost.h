// How much worse a model gets when inputs are shuffled, with intervals.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include <sinapse/permutation_importance.h>

namespace sinapse {

/// One number for how good outputs are, where each row counts `times`; empty: once.
struct Measure {
  std::string name;
  bool larger_is_better = false;
  std::function<double(std::span<const float> outputs, std::span<const double> times)> of;
};

/// The measure without a shuffle and, for each repeat, the resample it is measured on besides.
class ShuffleCost {
 public:
  /// `outputs` are those of the rows as they are. Throws Error(data) if the measure is not defined
  /// for them.
  ShuffleCost(Measure measure, const std::vector<float>& outputs, int64_t rows,
              const ImportanceOptions& options);

  double plain() const { return plain_; }

  /// `shuffled` gives the outputs when row r has what row order[r] had in the column.
  ColumnImportance of(
      const std::string& column,
      const std::function<std::vector<float>(const std::vector<int64_t>& order)>& shuffled) const;

 private:
  double worse(double before, double after) const;

  Measure measure_;
  int64_t rows_;
  ImportanceOptions options_;
  double plain_;
  std::vector<std::vector<double>> times_;
  std::vector<double> resampled_;
};

}  // namespace sinapse
