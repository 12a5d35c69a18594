// What looks wrong in the data a model is used on.
#pragma once

#include <span>
#include <string>
#include <vector>

#include <sinapse/table.h>

#include "features/target.h"
#include "train/dataset.h"

namespace sinapse {

class Features;

/// How well a column alone predicts the target: cells are put into up to 64 bins of equal numbers
/// of rows (categories: each its own), the target's mean or most frequent class of a bin is learned
/// from one random half of the rows and measured on the other, both ways round.
struct LoneColumn {
  std::string column;
  double score =
      0;  // R² of a number's ranks; of classes (accuracy - share of the most frequent) / the rest
};
std::vector<LoneColumn> lone_columns(const Features& features, const Table& table,
                                     const Target& target, std::span<const float> encoded);

/// Rows of one part whose inputs also stand in another one.
struct Twins {
  std::string part, other;  // "test", "training"
  int64_t rows = 0, of = 0;
  int64_t example = -1, twin = -1;  // rows of the table
};
struct NamedRows {
  std::string name;
  std::vector<int64_t> rows;
};
/// Of each part with those before it; within a single part, rows that stand there more than once.
std::vector<Twins> find_twins(const Dataset& data, const std::vector<NamedRows>& parts);

/// A row whose given class the model finds far less likely than another one: below the mean
/// probability that rows of the other class get for it (confident learning; Northcutt, Jiang,
/// Chuang 2021). The most doubtful first.
struct DoubtfulLabel {
  int64_t row = 0;
  int32_t given = 0, suggested = 0;
  double probability = 0;  // of the given class
};
std::vector<DoubtfulLabel> doubtful_labels(std::span<const double> probabilities,
                                           std::span<const float> truth, size_t classes);

/// Numbers that are further from their prediction than 6 robust standard deviations (1.4826 times
/// the median distance), the furthest first.
struct DoubtfulNumber {
  int64_t row = 0;
  double truth = 0, predicted = 0, deviations = 0;
};
std::vector<DoubtfulNumber> doubtful_numbers(std::span<const double> truth,
                                             std::span<const double> predicted);

}  // namespace sinapse
