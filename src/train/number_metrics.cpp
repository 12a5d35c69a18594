// Metrics of predicted numbers.
#include <algorithm>
#include <cmath>
#include <limits>

#include "data/sorted_list.h"
#include "train/metric_functions.h"

namespace sinapse {

namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

// The mean of value(truth, predicted) over the rows.
template <class Value>
double mean_of(const NumberOutcomes& outcomes, RowWeights weights, Value&& value) {
  double sum = 0, total = 0;
  for (size_t row = 0; row < outcomes.num_rows(); ++row) {
    const double weight = weight_of(weights, row);
    sum += weight * value(outcomes.truth[row], outcomes.predicted[row]);
    total += weight;
  }
  return sum / total;
}

double squared_error(double truth, double predicted) {
  return (truth - predicted) * (truth - predicted);
}

double absolute_error(double truth, double predicted) {
  return std::abs(truth - predicted);
}

struct Weighed {
  double value, weight;

  bool operator<(const Weighed& other) const { return value < other.value; }
};

// Of value(row). Half of the weight lies below; the mean of both neighbours if it lies between two
// values.
template <class Value>
double median(size_t rows, RowWeights weights, Value&& value) {
  SortedList<Weighed> sorted;
  double total = 0;
  for (size_t row = 0; row < rows; ++row) {
    const double weight = weight_of(weights, row);
    if (weight != 0) sorted.add({value(row), weight});
    total += weight;
  }
  double below = 0, lower = kNaN, middle = kNaN;
  sorted.visit([&](const Weighed& one) {
    if (!std::isnan(middle)) return;
    if (!std::isnan(lower)) {
      middle = lower / 2 + one.value / 2;
      return;
    }
    below += one.weight;
    if (below > total / 2) middle = one.value;
    if (below == total / 2) lower = one.value;
  });
  return middle;
}

// 1 - error / error of the best constant; 1 or 0 where every constant is exact.
double share_explained(double error, double constant_error) {
  if (constant_error == 0) return error == 0 ? 1 : 0;
  return 1 - error / constant_error;
}

}  // namespace

double root_mean_squared_error(const NumberOutcomes& outcomes, RowWeights weights) {
  return std::sqrt(mean_of(outcomes, weights, squared_error));
}

double mean_absolute_error(const NumberOutcomes& outcomes, RowWeights weights) {
  return mean_of(outcomes, weights, absolute_error);
}

double mean_absolute_percentage_error(const NumberOutcomes& outcomes, RowWeights weights) {
  return mean_of(outcomes, weights, [](double truth, double predicted) {
    return absolute_error(truth, predicted) /
           std::max(std::abs(truth), std::numeric_limits<double>::epsilon());
  });
}

double median_absolute_error(const NumberOutcomes& outcomes, RowWeights weights) {
  return median(outcomes.num_rows(), weights, [&](size_t row) {
    return absolute_error(outcomes.truth[row], outcomes.predicted[row]);
  });
}

double max_error(const NumberOutcomes& outcomes, RowWeights weights) {
  double largest = 0;
  for (size_t row = 0; row < outcomes.num_rows(); ++row) {
    if (weight_of(weights, row) == 0) continue;
    largest = std::max(largest, absolute_error(outcomes.truth[row], outcomes.predicted[row]));
  }
  return largest;
}

double r2_score(const NumberOutcomes& outcomes, RowWeights weights) {
  if (outcomes.num_rows() < 2) return std::numeric_limits<double>::quiet_NaN();
  const double mean = mean_of(outcomes, weights, [](double truth, double) { return truth; });
  return share_explained(
      mean_of(outcomes, weights, squared_error),
      mean_of(outcomes, weights, [&](double truth, double) { return squared_error(truth, mean); }));
}

double d2_absolute_error(const NumberOutcomes& outcomes, RowWeights weights) {
  if (outcomes.num_rows() < 2) return std::numeric_limits<double>::quiet_NaN();
  const double middle =
      median(outcomes.num_rows(), weights, [&](size_t row) { return outcomes.truth[row]; });
  return share_explained(mean_of(outcomes, weights, absolute_error),
                         mean_of(outcomes, weights, [&](double truth, double) {
                           return absolute_error(truth, middle);
                         }));
}

}  // namespace sinapse
