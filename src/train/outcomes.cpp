// What metrics are computed from: outputs and targets, decoded.
#include <algorithm>
#include <cmath>

#include "ops/scalars.h"
#include "train/metrics.h"

namespace sinapse {

namespace {

std::vector<int32_t> labels_of(std::span<const double> probabilities, int64_t num_classes) {
  std::vector<int32_t> labels;
  for (size_t i = 0; i < probabilities.size(); i += num_classes) {
    const auto* row = probabilities.data() + i;
    labels.push_back(static_cast<int32_t>(std::max_element(row, row + num_classes) - row));
  }
  return labels;
}

void append_two(std::vector<double>& probabilities, float logit) {
  probabilities.push_back(sigmoid(-static_cast<double>(logit)));
  probabilities.push_back(sigmoid(static_cast<double>(logit)));
}

/// Calls add(outcomes of the target, index in `encoded`) wherever a target is known.
template <class Outcomes, class Add>
SeveralOutcomes<Outcomes> gather(std::span<const float> encoded, const Target& target, Add&& add) {
  const auto width = static_cast<size_t>(target.width());
  SeveralOutcomes<Outcomes> several{.targets = std::vector<Outcomes>(width),
                                    .rows = std::vector<std::vector<int64_t>>(width),
                                    .all_rows = encoded.size() / width};
  for (size_t i = 0; i < encoded.size(); ++i) {
    if (std::isnan(encoded[i])) continue;
    several.rows[i % width].push_back(static_cast<int64_t>(i / width));
    add(several.targets[i % width], i);
  }
  return several;
}

}  // namespace

std::vector<double> probabilities_of(std::span<const float> outputs, const Target& target) {
  std::vector<double> probabilities;
  if (target.task() == Task::binary) {
    for (const float logit : outputs) append_two(probabilities, logit);
    return probabilities;
  }
  const auto n = static_cast<int64_t>(target.classes().size());
  probabilities.resize(outputs.size());
  for (size_t i = 0; i < outputs.size(); i += n) {
    softmax(outputs.data() + i, n, probabilities.data() + i);
  }
  return probabilities;
}

ClassOutcomes class_outcomes(std::span<const float> outputs, std::span<const float> encoded,
                             const Target& target) {
  ClassOutcomes outcomes{.num_classes = static_cast<int>(target.classes().size()),
                         .truth = {encoded.begin(), encoded.end()}};
  outcomes.probabilities = probabilities_of(outputs, target);
  outcomes.predicted = labels_of(outcomes.probabilities, outcomes.num_classes);
  if (target.task() == Task::binary) outcomes.logits.assign(outputs.begin(), outputs.end());
  return outcomes;
}

NumberOutcomes number_outcomes(std::span<const float> outputs, std::span<const float> encoded,
                               const Target& target) {
  const std::vector<float> truth = target.restore(encoded), predicted = target.decode(outputs);
  return {{truth.begin(), truth.end()}, {predicted.begin(), predicted.end()}};
}

LabelOutcomes label_outcomes(std::span<const float> outputs, std::span<const float> encoded,
                             const Target& target) {
  return gather<ClassOutcomes>(encoded, target, [&](ClassOutcomes& label, size_t i) {
    label.num_classes = 2;
    label.truth.push_back(static_cast<int32_t>(encoded[i]));
    label.predicted.push_back(outputs[i] > 0 ? 1 : 0);
    append_two(label.probabilities, outputs[i]);
    label.logits.push_back(outputs[i]);
  });
}

SeveralOutcomes<NumberOutcomes> several_numbers(std::span<const float> outputs,
                                                std::span<const float> encoded,
                                                const Target& target) {
  const std::vector<float> truth = target.restore(encoded), predicted = target.decode(outputs);
  return gather<NumberOutcomes>(encoded, target, [&](NumberOutcomes& number, size_t i) {
    number.truth.push_back(truth[i]);
    number.predicted.push_back(predicted[i]);
  });
}

}  // namespace sinapse
