// Metrics of the predicted probabilities: of their order, and of their values.
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>

#include "data/sorted_list.h"
#include "train/metric_functions.h"

namespace sinapse {

namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

// Rows of equal score: how many are of the class, and how many are not.
struct Tie {
  double positive = 0, negative = 0;
};

/// A row as it is ranked.
struct Ranked {
  double score, weight;
  int32_t positive;

  bool operator<(const Ranked& other) const { return score > other.score; }
};

// Calls take(Ranked) for the rows by falling score of class c.
template <class Take>
void visit_ranked(const ClassOutcomes& outcomes, RowWeights weights, int c, Take&& take) {
  const auto ranked = [&](size_t row) -> Ranked {
    return {outcomes.score(row, c), weight_of(weights, row), outcomes.truth[row] == c};
  };
  if (!outcomes.truth.is_in_memory() || !outcomes.probabilities.is_in_memory()) {
    SortedList<Ranked> sorted;
    for (size_t row = 0; row < outcomes.num_rows(); ++row) sorted.add(ranked(row));
    return sorted.visit(take);
  }
  const std::vector<int32_t> sorted =
      outcomes.orders.empty() ? outcomes.order(c) : std::vector<int32_t>();
  for (const int32_t row : outcomes.orders.empty() ? sorted : outcomes.orders[c]) take(ranked(row));
}

// Calls visit(Tie) for the rows by falling score of class c; gives the sum of all.
template <class Visit>
Tie visit_ties(const ClassOutcomes& outcomes, RowWeights weights, int c, Visit&& visit) {
  Tie all, tie;
  double score = kNaN;
  const auto end_tie = [&] {
    if (tie.positive + tie.negative > 0) visit(tie);
    all.positive += tie.positive;
    all.negative += tie.negative;
    tie = {};
  };
  visit_ranked(outcomes, weights, c, [&](const Ranked& row) {
    if (row.score != score) end_tie();
    score = row.score;
    (row.positive ? tie.positive : tie.negative) += row.weight;
  });
  end_tie();
  return all;
}

double roc_auc_of_class(const ClassOutcomes& outcomes, RowWeights weights, int c) {
  double above = 0, ordered_pairs = 0;
  const Tie all = visit_ties(outcomes, weights, c, [&](const Tie& tie) {
    ordered_pairs += tie.negative * (above + tie.positive / 2);
    above += tie.positive;
  });
  if (all.positive == 0 || all.negative == 0) return kNaN;
  return ordered_pairs / (all.positive * all.negative);
}

double average_precision_of_class(const ClassOutcomes& outcomes, RowWeights weights, int c) {
  double hits = 0, taken = 0, sum = 0;
  const Tie all = visit_ties(outcomes, weights, c, [&](const Tie& tie) {
    hits += tie.positive;
    taken += tie.positive + tie.negative;
    sum += tie.positive * (hits / taken);
  });
  return all.positive == 0 ? kNaN : sum / all.positive;
}

template <class OfClass>
double mean_over_ranked(const ClassOutcomes& outcomes, OfClass&& of_class) {
  double sum = 0;
  for (int c = outcomes.first_ranked(); c < outcomes.num_classes; ++c) sum += of_class(c);
  return sum / (outcomes.num_classes - outcomes.first_ranked());
}

// The mean of value(row) over the rows.
template <class Value>
double mean_over_rows(const ClassOutcomes& outcomes, RowWeights weights, Value&& value) {
  double sum = 0, total = 0;
  for (size_t row = 0; row < outcomes.num_rows(); ++row) {
    const double weight = weight_of(weights, row);
    if (weight == 0) continue;
    sum += weight * value(row);
    total += weight;
  }
  return sum / total;
}

double squared(double x) {
  return x * x;
}

}  // namespace

std::vector<int32_t> ClassOutcomes::order(int c) const {
  std::vector<int32_t> rows(num_rows());
  std::iota(rows.begin(), rows.end(), 0);
  std::sort(rows.begin(), rows.end(),
            [&](int32_t a, int32_t b) { return score(a, c) > score(b, c); });
  return rows;
}

void ClassOutcomes::keep_orders() {
  orders.resize(num_classes);
  for (int c = first_ranked(); c < num_classes; ++c) orders[c] = order(c);
}

double roc_auc(const ClassOutcomes& outcomes, RowWeights weights) {
  return mean_over_ranked(outcomes, [&](int c) { return roc_auc_of_class(outcomes, weights, c); });
}

double average_precision(const ClassOutcomes& outcomes, RowWeights weights) {
  return mean_over_ranked(outcomes,
                          [&](int c) { return average_precision_of_class(outcomes, weights, c); });
}

// Kept away from 0 and 1 by 2^-52, so that one certain mistake does not make the mean infinite.
double log_loss(const ClassOutcomes& outcomes, RowWeights weights) {
  constexpr double kSmallest = std::numeric_limits<double>::epsilon();
  return mean_over_rows(outcomes, weights, [&](size_t row) {
    const auto clamped = [&](int c) {
      return std::clamp(outcomes.probability(row, c), kSmallest, 1 - kSmallest);
    };
    double total = 0;
    for (int c = 0; c < outcomes.num_classes; ++c) total += clamped(c);
    return -std::log(clamped(outcomes.truth[row]) / total);
  });
}

double brier_score(const ClassOutcomes& outcomes, RowWeights weights) {
  return mean_over_rows(outcomes, weights, [&](size_t row) {
    double sum = 0;
    for (int c = outcomes.first_ranked(); c < outcomes.num_classes; ++c) {
      const double truth = outcomes.truth[row] == c ? 1 : 0;
      sum += squared(outcomes.probability(row, c) - truth);
    }
    return sum;
  });
}

double calibration_error(const ClassOutcomes& outcomes, RowWeights weights) {
  constexpr int kBins = 15;
  std::array<double, kBins> confidence{}, hits{};
  double total = 0;
  for (size_t row = 0; row < outcomes.num_rows(); ++row) {
    const double weight = weight_of(weights, row);
    const double p = outcomes.probability(row, outcomes.predicted[row]);
    const int bin = std::clamp(static_cast<int>(std::ceil(p * kBins)) - 1, 0, kBins - 1);
    confidence[bin] += weight * p;
    if (outcomes.truth[row] == outcomes.predicted[row]) hits[bin] += weight;
    total += weight;
  }
  double sum = 0;
  for (int bin = 0; bin < kBins; ++bin) sum += std::abs(hits[bin] - confidence[bin]);
  return sum / total;
}

}  // namespace sinapse
