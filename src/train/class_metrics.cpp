// Metrics of the predicted classes alone.
#include <algorithm>
#include <cmath>
#include <limits>

#include "train/metric_functions.h"

namespace sinapse {

namespace {

double sum_of(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return sum;
}

double product_sum(const std::vector<double>& a, const std::vector<double>& b) {
  double sum = 0;
  for (size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

template <ClassScore score>
double score_of(const ClassCounts& counts, size_t c) {
  if constexpr (score == ClassScore::precision) return counts.precision(c);
  if constexpr (score == ClassScore::recall) return counts.recall(c);
  if constexpr (score == ClassScore::f1) return counts.f1(c);
}

int64_t occurring(const ClassCounts& counts) {
  int64_t classes = 0;
  for (size_t c = 0; c < counts.hits.size(); ++c) classes += counts.occurs(c);
  return classes;
}

}  // namespace

double ClassCounts::f1(size_t c) const {
  const double both = in_truth[c] + in_prediction[c];
  return both > 0 ? 2 * hits[c] / both : 0;
}

ClassCounts count_classes(const ClassOutcomes& outcomes, RowWeights weights) {
  const auto n = static_cast<size_t>(outcomes.num_classes);
  ClassCounts counts{std::vector<double>(n), std::vector<double>(n), std::vector<double>(n)};
  for (size_t row = 0; row < outcomes.num_rows(); ++row) {
    const double weight = weight_of(weights, row);
    const int32_t truth = outcomes.truth[row], predicted = outcomes.predicted[row];
    if (truth == predicted) counts.hits[truth] += weight;
    counts.in_truth[truth] += weight;
    counts.in_prediction[predicted] += weight;
    counts.total += weight;
  }
  return counts;
}

template <ClassScore score, Average average>
double averaged(const ClassOutcomes& outcomes, RowWeights weights) {
  const ClassCounts counts = count_classes(outcomes, weights);
  // Each row has one class and one prediction, so all three scores have the same denominators.
  if constexpr (average == Average::micro) return sum_of(counts.hits) / counts.total;
  double sum = 0, share = 0;
  for (size_t c = 0; c < counts.hits.size(); ++c) {
    if (!counts.occurs(c)) continue;
    const double weight = average == Average::weighted ? counts.in_truth[c] : 1;
    sum += weight * score_of<score>(counts, c);
    share += weight;
  }
  return sum / share;
}

template double averaged<ClassScore::precision, Average::micro>(const ClassOutcomes&, RowWeights);
template double averaged<ClassScore::precision, Average::macro>(const ClassOutcomes&, RowWeights);
template double averaged<ClassScore::precision, Average::weighted>(const ClassOutcomes&,
                                                                   RowWeights);
template double averaged<ClassScore::recall, Average::micro>(const ClassOutcomes&, RowWeights);
template double averaged<ClassScore::recall, Average::macro>(const ClassOutcomes&, RowWeights);
template double averaged<ClassScore::recall, Average::weighted>(const ClassOutcomes&, RowWeights);
template double averaged<ClassScore::f1, Average::micro>(const ClassOutcomes&, RowWeights);
template double averaged<ClassScore::f1, Average::macro>(const ClassOutcomes&, RowWeights);
template double averaged<ClassScore::f1, Average::weighted>(const ClassOutcomes&, RowWeights);

double accuracy(const ClassOutcomes& outcomes, RowWeights weights) {
  double hits = 0, total = 0;
  for (size_t row = 0; row < outcomes.num_rows(); ++row) {
    const double weight = weight_of(weights, row);
    if (outcomes.truth[row] == outcomes.predicted[row]) hits += weight;
    total += weight;
  }
  return hits / total;
}

double balanced_accuracy(const ClassOutcomes& outcomes, RowWeights weights) {
  const ClassCounts counts = count_classes(outcomes, weights);
  double sum = 0, present = 0;
  for (size_t c = 0; c < counts.hits.size(); ++c) {
    if (counts.in_truth[c] == 0) continue;
    sum += counts.recall(c);
    ++present;
  }
  return sum / present;
}

double matthews_correlation(const ClassOutcomes& outcomes, RowWeights weights) {
  const ClassCounts counts = count_classes(outcomes, weights);
  const double all = counts.total * counts.total;
  const double covariance =
      sum_of(counts.hits) * counts.total - product_sum(counts.in_truth, counts.in_prediction);
  const double truth = all - product_sum(counts.in_truth, counts.in_truth);
  const double prediction = all - product_sum(counts.in_prediction, counts.in_prediction);
  if (truth * prediction == 0) return 0;
  return covariance / std::sqrt(truth * prediction);
}

double cohens_kappa(const ClassOutcomes& outcomes, RowWeights weights) {
  const ClassCounts counts = count_classes(outcomes, weights);
  const double by_chance = product_sum(counts.in_truth, counts.in_prediction) / counts.total;
  if (occurring(counts) == 1) return std::numeric_limits<double>::quiet_NaN();
  return 1 - (counts.total - sum_of(counts.hits)) / (counts.total - by_chance);
}

// Of equal scores the later class ranks first, as in scikit-learn.
template <int k>
double top_k_accuracy(const ClassOutcomes& outcomes, RowWeights weights) {
  if (outcomes.num_classes <= k) return std::numeric_limits<double>::quiet_NaN();
  double hits = 0, total = 0;
  for (size_t row = 0; row < outcomes.num_rows(); ++row) {
    const int32_t truth = outcomes.truth[row];
    const double own = outcomes.probability(row, truth);
    int before = 0;
    for (int c = 0; c < outcomes.num_classes; ++c) {
      const double other = outcomes.probability(row, c);
      before += other > own || (other == own && c > truth);
    }
    const double weight = weight_of(weights, row);
    if (before < k) hits += weight;
    total += weight;
  }
  return hits / total;
}

template double top_k_accuracy<3>(const ClassOutcomes&, RowWeights);
template double top_k_accuracy<5>(const ClassOutcomes&, RowWeights);

}  // namespace sinapse
