// The metrics as functions of outcomes. Definitions as in scikit-learn, ties and absent classes
// included; NaN where a metric is not defined.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "data/long_list.h"

namespace sinapse {

/// How often each row counts; empty: once. A whole number is a row that stands there several times.
/// The list must outlive it.
class RowWeights {
 public:
  RowWeights() = default;
  RowWeights(std::span<const double> weights) : weights_(weights) {}     // NOLINT: weights
  RowWeights(const std::vector<double>& weights) : weights_(weights) {}  // NOLINT: weights
  RowWeights(const LongList<double>& weights)                            // NOLINT: weights
      : stored_(weights.empty() ? nullptr : &weights) {}

  bool empty() const { return size() == 0; }
  size_t size() const { return stored_ != nullptr ? stored_->size() : weights_.size(); }
  double operator[](size_t row) const {
    return stored_ != nullptr ? (*stored_)[row] : weights_[row];
  }

 private:
  std::span<const double> weights_;
  const LongList<double>* stored_ = nullptr;
};

inline double weight_of(const RowWeights& weights, size_t row) {
  return weights.empty() ? 1 : weights[row];
}

/// What was said of rows whose class is known.
struct ClassOutcomes {
  int num_classes = 0;
  LongList<int32_t> truth, predicted;  // [rows]
  LongList<double> probabilities;      // [rows, num_classes]
  /// Of two classes, the logit of the second: it orders rows whose probabilities round to 1.
  LongList<double> logits;  // [rows], or empty
  /// For each class the rows by falling score, to be kept by those who ask again and again.
  std::vector<std::vector<int32_t>> orders;

  size_t num_rows() const { return truth.size(); }
  double probability(size_t row, int c) const { return probabilities[row * num_classes + c]; }
  double score(size_t row, int c) const {
    return c == 1 && !logits.empty() ? logits[row] : probability(row, c);
  }
  /// The classes to rank rows by: the second of two, else each.
  int first_ranked() const { return num_classes == 2 ? 1 : 0; }
  std::vector<int32_t> order(int c) const;
  void keep_orders();
  void keep_in_memory() {
    for (auto* list : {&truth, &predicted}) list->keep_in_memory();
    for (auto* list : {&probabilities, &logits}) list->keep_in_memory();
  }
};

/// What was said of several targets. A target need not be known in every row.
template <class Outcomes>
struct SeveralOutcomes {
  std::vector<Outcomes> targets;        // of the rows in which the target is known
  std::vector<LongList<int64_t>> rows;  // which these are, for each target
  size_t all_rows = 0;

  size_t num_rows() const { return all_rows; }
  void keep_orders() {
    for (Outcomes& target : targets) target.keep_orders();
  }
  void keep_in_memory() {
    for (Outcomes& target : targets) target.keep_in_memory();
    for (LongList<int64_t>& own : rows) own.keep_in_memory();
  }
  /// The weights of the rows in which a target is known.
  LongList<double> weights_of(size_t target, RowWeights weights) const {
    LongList<double> known;
    if (rows[target].is_in_memory()) known.keep_in_memory();
    for (size_t i = 0; i < rows[target].size(); ++i)
      known.push_back(weight_of(weights, rows[target][i]));
    return known;
  }
};

/// Predictions of a number, both in the unit of the target.
struct NumberOutcomes {
  LongList<double> truth, predicted;  // [rows]

  size_t num_rows() const { return truth.size(); }
  void keep_orders() {}
  void keep_in_memory() {
    for (auto* list : {&truth, &predicted}) list->keep_in_memory();
  }
};

/// Labels that are true (1) or false (0), the first class of each being false.
using LabelOutcomes = SeveralOutcomes<ClassOutcomes>;

/// Rows by class: right ones, true ones, predicted ones. [num_classes]
struct ClassCounts {
  std::vector<double> hits, in_truth, in_prediction;
  double total = 0;

  double precision(size_t c) const { return in_prediction[c] > 0 ? hits[c] / in_prediction[c] : 0; }
  double recall(size_t c) const { return in_truth[c] > 0 ? hits[c] / in_truth[c] : 0; }
  double f1(size_t c) const;
  bool occurs(size_t c) const { return in_truth[c] + in_prediction[c] > 0; }
};
ClassCounts count_classes(const ClassOutcomes& outcomes, RowWeights weights);

enum class Average { micro, macro, weighted };
enum class ClassScore { precision, recall, f1 };

/// micro: of the counts of all classes together; macro: the mean over the classes that occur in
/// truth or prediction; weighted: the mean by rows of each class.
template <ClassScore score, Average average>
double averaged(const ClassOutcomes& outcomes, RowWeights weights);

/// The same over labels, as scikit-learn does it for indicators: what counts is the truth of each.
template <ClassScore score, Average average>
double averaged_over_labels(const LabelOutcomes& outcomes, RowWeights weights);

double exact_match(const LabelOutcomes&, RowWeights);
double hamming_loss(const LabelOutcomes&, RowWeights);

double accuracy(const ClassOutcomes&, RowWeights);
double balanced_accuracy(const ClassOutcomes&, RowWeights);
double matthews_correlation(const ClassOutcomes&, RowWeights);
double cohens_kappa(const ClassOutcomes&, RowWeights);
template <int k>
double top_k_accuracy(const ClassOutcomes&, RowWeights);

double roc_auc(const ClassOutcomes&, RowWeights);
double average_precision(const ClassOutcomes&, RowWeights);

double log_loss(const ClassOutcomes&, RowWeights);
double brier_score(const ClassOutcomes&, RowWeights);
double calibration_error(const ClassOutcomes&, RowWeights);

double root_mean_squared_error(const NumberOutcomes&, RowWeights);
double mean_absolute_error(const NumberOutcomes&, RowWeights);
double mean_absolute_percentage_error(const NumberOutcomes&, RowWeights);
double median_absolute_error(const NumberOutcomes&, RowWeights);
double max_error(const NumberOutcomes&, RowWeights);
double r2_score(const NumberOutcomes&, RowWeights);
double d2_absolute_error(const NumberOutcomes&, RowWeights);

}  // namespace sinapse
