// How much rows count: a column of weights, and weights of the target's classes.
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include <sinapse/table.h>
#include <sinapse/weights.h>

#include "data/column_cells.h"
#include "data/rows.h"
#include "features/target.h"

namespace sinapse {

struct Weighting {
  std::string column;  // empty: all rows count the same
  /// Of the target's classes, or those of each label one after another, in the loss alone;
  /// empty: 1.
  std::vector<double> class_weights;

  bool operator==(const Weighting&) const = default;

  std::string to_json() const;
  /// Throws Error(model).
  static Weighting from_json(const std::string& json, const Target& target);
};

/// A column of weights.
class WeightCells {
 public:
  /// `table` outlives it.
  WeightCells(const Table& table, const std::string& column);
  WeightCells(const WeightCells&) = delete;
  /// Of a row that has a target. Throws Error(data), with the place in the file, for a cell that is
  /// missing, negative or infinite.
  double at(int64_t row) const;

 private:
  const Table& table_;
  const Column column_;
  const ColumnCells cells_;
};

/// The weights of these rows, 0 for all others.
std::vector<double> weights_in(const Table& table, const std::string& column, const Rows& rows);

/// How often each class of each target stands in some rows.
class CountedClasses {
 public:
  explicit CountedClasses(const Target& target);
  /// Classes of rows, [rows, targets], NaN where not known.
  void add(std::span<const float> encoded);
  const std::vector<std::vector<double>>& by_target() const { return counts_; }

 private:
  std::vector<std::vector<double>> counts_;
};

/// The weight of each class of the target, of several labels those of no and yes of each; empty if
/// all are 1. "balanced" makes all classes count the same in the training rows, which are the ones
/// `counted`: rows / (classes * rows of the class), as in scikit-learn. A name is for all labels
/// that have such a class. Throws Error(usage) for a target without classes, a class that it does
/// not have, and weights that are negative or all 0.
std::vector<double> class_weights_of(const ClassWeights& wanted, const Target& target,
                                     const CountedClasses& counted);

}  // namespace sinapse
