// Metrics of predicted numbers.
#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "train/metric_functions.h"

namespace sinapse {

namespace {

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

// Half of the weight lies below; the mean of both neighbours if it lies between two values.
double median(const std::vector<double>& values, RowWeights weights) {
  std::vector<size_t> order(values.size());
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(), [&](size_t a, size_t b) { return values[a] < values[b]; });
  double total = 0, below = 0;
  for (size_t row = 0; row < values.size(); ++row) total += weight_of(weights, row);
  const size_t* lower = nullptr;
  for (const size_t& row : order) {
    const double weight = weight_of(weights, row);
    if (weight == 0) continue;
    if (lower != nullptr) return values[*lower] / 2 + values[row] / 2;
    below += weight;
    if (below > total / 2) return values[row];
    if (below == total / 2) lower = &row;
  }
  return std::numeric_limits<double>::quiet_NaN();
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
  std::vector<double> errors;
  for (size_t row = 0; row < outcomes.num_rows(); ++row) {
    errors.push_back(absolute_error(outcomes.truth[row], outcomes.predicted[row]));
  }
  return median(errors, weights);
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
  const double middle = median(outcomes.truth, weights);
  return share_explained(mean_of(outcomes, weights, absolute_error),
                         mean_of(outcomes, weights, [&](double truth, double) {
                           return absolute_error(truth, middle);
                         }));
}

}  // namespace sinapse
