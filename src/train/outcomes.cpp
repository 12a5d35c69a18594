// What metrics are computed from: outputs and targets, decoded.
#include <algorithm>
#include <cmath>

#include "ops/scalars.h"
#include "train/metrics.h"

namespace sinapse {

namespace {

template <class List>
void append_two(List& probabilities, float logit) {
  probabilities.push_back(sigmoid(-static_cast<double>(logit)));
  probabilities.push_back(sigmoid(static_cast<double>(logit)));
}

/// Calls add(outcomes of the target, index in `encoded`) wherever a target is known.
template <class Outcomes, class Add>
void append_known(SeveralOutcomes<Outcomes>& several, std::span<const float> encoded, Add&& add) {
  const size_t width = several.targets.size();
  for (size_t i = 0; i < encoded.size(); ++i) {
    if (std::isnan(encoded[i])) continue;
    several.rows[i % width].push_back(static_cast<int64_t>(several.all_rows + i / width));
    add(several.targets[i % width], i);
  }
  several.all_rows += encoded.size() / width;
}

template <class Outcomes>
SeveralOutcomes<Outcomes> none_of(const Target& target) {
  const auto width = static_cast<size_t>(target.width());
  return {.targets = std::vector<Outcomes>(width), .rows = std::vector<LongList<int64_t>>(width)};
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

void append(ClassOutcomes& outcomes, std::span<const float> outputs, std::span<const float> encoded,
            const Target& target) {
  const auto n = static_cast<int64_t>(target.classes().size());
  outcomes.num_classes = static_cast<int>(n);
  for (const float label : encoded) outcomes.truth.push_back(static_cast<int32_t>(label));
  const std::vector<double> probabilities = probabilities_of(outputs, target);
  for (const double p : probabilities) outcomes.probabilities.push_back(p);
  for (auto row = probabilities.begin(); row != probabilities.end(); row += n)
    outcomes.predicted.push_back(static_cast<int32_t>(std::max_element(row, row + n) - row));
  if (target.task() != Task::binary) return;
  for (const float logit : outputs) outcomes.logits.push_back(logit);
}

void append(NumberOutcomes& outcomes, std::span<const float> outputs,
            std::span<const float> encoded, const Target& target) {
  for (const float x : target.restore(encoded)) outcomes.truth.push_back(x);
  for (const float x : target.decode(outputs)) outcomes.predicted.push_back(x);
}

void append(LabelOutcomes& outcomes, std::span<const float> outputs, std::span<const float> encoded,
            const Target& target) {
  if (outcomes.targets.empty()) outcomes = none_of<ClassOutcomes>(target);
  append_known(outcomes, encoded, [&](ClassOutcomes& label, size_t i) {
    label.num_classes = 2;
    label.truth.push_back(static_cast<int32_t>(encoded[i]));
    label.predicted.push_back(outputs[i] > 0 ? 1 : 0);
    append_two(label.probabilities, outputs[i]);
    label.logits.push_back(outputs[i]);
  });
}

void append(SeveralOutcomes<NumberOutcomes>& outcomes, std::span<const float> outputs,
            std::span<const float> encoded, const Target& target) {
  if (outcomes.targets.empty()) outcomes = none_of<NumberOutcomes>(target);
  const std::vector<float> truth = target.restore(encoded), predicted = target.decode(outputs);
  append_known(outcomes, encoded, [&](NumberOutcomes& number, size_t i) {
    number.truth.push_back(truth[i]);
    number.predicted.push_back(predicted[i]);
  });
}

}  // namespace sinapse
