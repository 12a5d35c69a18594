// Metrics of several labels together.
#include <limits>

#include "train/metric_functions.h"

namespace sinapse {

namespace {

struct LabelCounts {
  double hits = 0, in_truth = 0, in_prediction = 0;

  void add(const LabelCounts& other) {
    hits += other.hits;
    in_truth += other.in_truth;
    in_prediction += other.in_prediction;
  }
};

double share(double part, double whole) {
  return whole > 0 ? part / whole : 0;
}

template <ClassScore score>
double score_of(const LabelCounts& counts) {
  if constexpr (score == ClassScore::precision) return share(counts.hits, counts.in_prediction);
  if constexpr (score == ClassScore::recall) return share(counts.hits, counts.in_truth);
  return share(2 * counts.hits, counts.in_truth + counts.in_prediction);
}

LabelCounts count(const LabelOutcomes& outcomes, size_t label, RowWeights weights) {
  const ClassOutcomes& target = outcomes.targets[label];
  LabelCounts counts;
  for (size_t i = 0; i < target.num_rows(); ++i) {
    const double weight = weight_of(weights, outcomes.rows[label][i]);
    if (target.truth[i] == 1) counts.in_truth += weight;
    if (target.predicted[i] == 1) counts.in_prediction += weight;
    if (target.truth[i] == 1 && target.predicted[i] == 1) counts.hits += weight;
  }
  return counts;
}

}  // namespace

template <ClassScore score, Average average>
double averaged_over_labels(const LabelOutcomes& outcomes, RowWeights weights) {
  LabelCounts all;
  double sum = 0, total = 0;
  for (size_t label = 0; label < outcomes.targets.size(); ++label) {
    const LabelCounts counts = count(outcomes, label, weights);
    const double weight = average == Average::weighted ? counts.in_truth : 1;
    sum += weight * score_of<score>(counts);
    total += weight;
    all.add(counts);
  }
  return average == Average::micro ? score_of<score>(all) : share(sum, total);
}

template double averaged_over_labels<ClassScore::precision, Average::micro>(const LabelOutcomes&,
                                                                            RowWeights);
template double averaged_over_labels<ClassScore::precision, Average::macro>(const LabelOutcomes&,
                                                                            RowWeights);
template double averaged_over_labels<ClassScore::precision, Average::weighted>(const LabelOutcomes&,
                                                                               RowWeights);
template double averaged_over_labels<ClassScore::recall, Average::micro>(const LabelOutcomes&,
                                                                         RowWeights);
template double averaged_over_labels<ClassScore::recall, Average::macro>(const LabelOutcomes&,
                                                                         RowWeights);
template double averaged_over_labels<ClassScore::recall, Average::weighted>(const LabelOutcomes&,
                                                                            RowWeights);
template double averaged_over_labels<ClassScore::f1, Average::micro>(const LabelOutcomes&,
                                                                     RowWeights);
template double averaged_over_labels<ClassScore::f1, Average::macro>(const LabelOutcomes&,
                                                                     RowWeights);
template double averaged_over_labels<ClassScore::f1, Average::weighted>(const LabelOutcomes&,
                                                                        RowWeights);

double exact_match(const LabelOutcomes& outcomes, RowWeights weights) {
  std::vector<size_t> next(outcomes.targets.size());  // row of each label
  double hits = 0, total = 0;
  for (size_t row = 0; row < outcomes.num_rows(); ++row) {
    bool right = true;
    for (size_t label = 0; label < outcomes.targets.size(); ++label) {
      const ClassOutcomes& target = outcomes.targets[label];
      size_t& i = next[label];
      if (i == target.num_rows() || outcomes.rows[label][i] != static_cast<int64_t>(row)) continue;
      right = right && target.truth[i] == target.predicted[i];
      ++i;
    }
    const double weight = weight_of(weights, row);
    if (right) hits += weight;
    total += weight;
  }
  return hits / total;
}

double hamming_loss(const LabelOutcomes& outcomes, RowWeights weights) {
  double wrong = 0, total = 0;
  for (size_t label = 0; label < outcomes.targets.size(); ++label) {
    const ClassOutcomes& target = outcomes.targets[label];
    for (size_t i = 0; i < target.num_rows(); ++i) {
      const double weight = weight_of(weights, outcomes.rows[label][i]);
      if (target.truth[i] != target.predicted[i]) wrong += weight;
      total += weight;
    }
  }
  return wrong / total;
}

}  // namespace sinapse
