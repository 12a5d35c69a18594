// How much rows count: a column of weights, and weights of the target's classes.
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include <sinapse/table.h>
#include <sinapse/weights.h>

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

/// The weights of all rows. Throws Error(data), with the place in the file, for a cell that is
/// missing, negative or infinite where the row has a target.
std::vector<double> weights_in(const Table& table, const std::string& column,
                               std::span<const int64_t> rows);

/// The weight of each class of the target, of several labels those of no and yes of each; empty if
/// all are 1. "balanced" makes all classes count the same in the training rows: rows / (classes *
/// rows of the class), as in scikit-learn. `encoded` holds the classes of the training rows, [rows,
/// targets], NaN where not known. A name is for all labels that have such a class. Throws
/// Error(usage) for a target without classes, a class that it does not have, and weights that are
/// negative or all 0.
std::vector<double> class_weights_of(const ClassWeights& wanted, const Target& target,
                                     std::span<const float> encoded);

}  // namespace sinapse
