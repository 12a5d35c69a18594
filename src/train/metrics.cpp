#include "train/metrics.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <numeric>

#include "ops/scalars.h"

namespace sinapse {

double accuracy(std::span<const int32_t> truth, std::span<const int32_t> predicted) {
  double hits = 0;
  for (size_t i = 0; i < truth.size(); ++i) hits += truth[i] == predicted[i];
  return hits / static_cast<double>(truth.size());
}

double f1_macro(std::span<const int32_t> truth, std::span<const int32_t> predicted,
                int num_classes) {
  std::vector<double> hits(num_classes), in_truth(num_classes), in_prediction(num_classes);
  for (size_t i = 0; i < truth.size(); ++i) {
    hits[truth[i]] += truth[i] == predicted[i];
    ++in_truth[truth[i]];
    ++in_prediction[predicted[i]];
  }
  double sum = 0, present = 0;
  for (int c = 0; c < num_classes; ++c) {
    const double both = in_truth[c] + in_prediction[c];
    if (both == 0) continue;
    sum += 2 * hits[c] / both;
    ++present;
  }
  return sum / present;
}

// The sum of the ranks of the positive rows, ties sharing their mean rank.
double roc_auc(std::span<const bool> positive, std::span<const double> score) {
  std::vector<size_t> order(score.size());
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(), [&](size_t a, size_t b) { return score[a] < score[b]; });
  double rank_sum = 0, positives = 0;
  for (size_t begin = 0; begin < order.size();) {
    size_t end = begin;
    double in_group = 0;
    while (end < order.size() && score[order[end]] == score[order[begin]]) {
      in_group += positive[order[end++]];
    }
    const double mean_rank = (static_cast<double>(begin + 1) + static_cast<double>(end)) / 2;
    rank_sum += in_group * mean_rank;
    positives += in_group;
    begin = end;
  }
  const double negatives = static_cast<double>(score.size()) - positives;
  if (positives == 0 || negatives == 0) return std::numeric_limits<double>::quiet_NaN();
  return (rank_sum - positives * (positives + 1) / 2) / (positives * negatives);
}

double roc_auc_one_vs_rest(std::span<const int32_t> truth, std::span<const double> probabilities,
                           int num_classes) {
  const size_t rows = truth.size();
  const auto positive = std::make_unique<bool[]>(rows);
  std::vector<double> score(rows);
  double sum = 0;
  for (int c = 0; c < num_classes; ++c) {
    for (size_t i = 0; i < rows; ++i) {
      positive[i] = truth[i] == c;
      score[i] = probabilities[i * num_classes + c];
    }
    sum += roc_auc({positive.get(), rows}, score);
  }
  return sum / num_classes;
}

double log_loss(std::span<const int32_t> truth, std::span<const double> probabilities,
                int num_classes) {
  constexpr double kSmallest = std::numeric_limits<double>::epsilon();
  double sum = 0;
  for (size_t i = 0; i < truth.size(); ++i) {
    double total = 0;
    const auto clipped = [&](int c) {
      return std::clamp(probabilities[i * num_classes + c], kSmallest, 1 - kSmallest);
    };
    for (int c = 0; c < num_classes; ++c) total += clipped(c);
    sum -= std::log(clipped(truth[i]) / total);
  }
  return sum / static_cast<double>(truth.size());
}

double root_mean_squared_error(std::span<const double> truth, std::span<const double> predicted) {
  double sum = 0;
  for (size_t i = 0; i < truth.size(); ++i) {
    sum += (truth[i] - predicted[i]) * (truth[i] - predicted[i]);
  }
  return std::sqrt(sum / static_cast<double>(truth.size()));
}

double mean_absolute_error(std::span<const double> truth, std::span<const double> predicted) {
  double sum = 0;
  for (size_t i = 0; i < truth.size(); ++i) sum += std::abs(truth[i] - predicted[i]);
  return sum / static_cast<double>(truth.size());
}

double r2_score(std::span<const double> truth, std::span<const double> predicted) {
  if (truth.size() < 2) return std::numeric_limits<double>::quiet_NaN();
  const double mean =
      std::accumulate(truth.begin(), truth.end(), 0.0) / static_cast<double>(truth.size());
  double residual = 0, total = 0;
  for (size_t i = 0; i < truth.size(); ++i) {
    residual += (truth[i] - predicted[i]) * (truth[i] - predicted[i]);
    total += (truth[i] - mean) * (truth[i] - mean);
  }
  if (total == 0) return residual == 0 ? 1 : 0;
  return 1 - residual / total;
}

namespace {

void softmax(const float* logits, int64_t n, double* p) {
  const double largest = *std::max_element(logits, logits + n);
  double sum = 0;
  for (int64_t i = 0; i < n; ++i) sum += p[i] = std::exp(logits[i] - largest);
  for (int64_t i = 0; i < n; ++i) p[i] /= sum;
}

std::vector<int32_t> labels_of(std::span<const double> probabilities, int64_t num_classes) {
  std::vector<int32_t> labels;
  for (size_t i = 0; i < probabilities.size(); i += num_classes) {
    const auto* row = probabilities.data() + i;
    labels.push_back(static_cast<int32_t>(std::max_element(row, row + num_classes) - row));
  }
  return labels;
}

using Metrics = std::map<std::string, double>;

void drop_undefined(Metrics& metrics) {
  std::erase_if(metrics, [](const auto& entry) { return std::isnan(entry.second); });
}

Metrics evaluate_numbers(std::span<const float> outputs, std::span<const float> encoded,
                         const Target& target) {
  std::vector<double> truth, predicted;
  for (size_t i = 0; i < outputs.size(); ++i) {
    truth.push_back(target.decode(encoded[i]));
    predicted.push_back(target.decode(outputs[i]));
  }
  return {{"rmse", root_mean_squared_error(truth, predicted)},
          {"mae", mean_absolute_error(truth, predicted)},
          {"r2", r2_score(truth, predicted)}};
}

Metrics evaluate_classes(std::span<const float> outputs, std::span<const float> encoded,
                         const Target& target) {
  const auto num_classes = static_cast<int>(target.classes().size());
  const std::vector<int32_t> truth(encoded.begin(), encoded.end());
  const std::vector<double> probabilities = probabilities_of(outputs, target);
  const std::vector<int32_t> predicted = labels_of(probabilities, num_classes);
  Metrics metrics{{"accuracy", accuracy(truth, predicted)},
                  {"f1_macro", f1_macro(truth, predicted, num_classes)},
                  {"log_loss", log_loss(truth, probabilities, num_classes)}};
  if (target.task() == Task::binary) {
    std::vector<double> score;
    const auto positive = std::make_unique<bool[]>(truth.size());
    for (size_t i = 0; i < truth.size(); ++i) {
      positive[i] = truth[i] == 1;
      score.push_back(outputs[i]);
    }
    metrics["roc_auc"] = roc_auc({positive.get(), truth.size()}, score);
  } else {
    metrics["roc_auc"] = roc_auc_one_vs_rest(truth, probabilities, num_classes);
  }
  return metrics;
}

}  // namespace

std::vector<double> probabilities_of(std::span<const float> outputs, const Target& target) {
  const auto n = static_cast<int64_t>(target.classes().size());
  std::vector<double> probabilities;
  if (target.task() == Task::binary) {
    for (const float logit : outputs) {
      probabilities.push_back(sigmoid(-static_cast<double>(logit)));
      probabilities.push_back(sigmoid(static_cast<double>(logit)));
    }
    return probabilities;
  }
  probabilities.resize(outputs.size());
  for (size_t i = 0; i < outputs.size(); i += n) {
    softmax(outputs.data() + i, n, probabilities.data() + i);
  }
  return probabilities;
}

Metrics evaluate_outputs(std::span<const float> outputs, std::span<const float> encoded,
                         const Target& target) {
  if (encoded.empty()) return {};
  Metrics metrics = target.task() == Task::regression ? evaluate_numbers(outputs, encoded, target)
                                                      : evaluate_classes(outputs, encoded, target);
  drop_undefined(metrics);
  return metrics;
}

}  // namespace sinapse
