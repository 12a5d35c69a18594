#include "train/answers.h"

#include <algorithm>
#include <cmath>

namespace sinapse {

namespace {

// A margin orders rows, but is no probability.
template <class ByName>
void drop_metrics_of_probabilities(ByName& by_name) {
  for (const char* name : {"log_loss", "brier", "calibration_error"}) by_name.erase(name);
}

template <class AnyEvaluation>
void drop_from_evaluation(AnyEvaluation& evaluation) {
  drop_metrics_of_probabilities(evaluation.metrics);
  drop_metrics_of_probabilities(evaluation.intervals);
}

// Each step whose answer is known counts as a row.
Answers answers_of_steps(const Predictor& predictor, const Dataset& data,
                         std::span<const int64_t> rows, Team& team) {
  const std::vector<float> outputs = predictor.run(data, rows, team);
  const int64_t width = predictor.num_outputs();
  Answers answers;
  auto output = outputs.begin();
  for (const int64_t row : rows) {
    const auto targets = data.target_row(row);
    for (auto target = targets.begin(); target != targets.end();
         target += data.target_width, output += width) {
      const auto end = target + data.target_width;
      if (std::all_of(target, end, [](float x) { return std::isnan(x); })) continue;
      answers.truth.insert(answers.truth.end(), target, end);
      answers.outputs.insert(answers.outputs.end(), output, output + width);
    }
  }
  return answers;
}

}  // namespace

Answers answers_of(const Predictor& predictor, const Dataset& data, std::span<const int64_t> rows,
                   Team& team) {
  if (!data.answers.empty()) return answers_of_steps(predictor, data, rows, team);
  Answers answers{.outputs = predictor.run(data, rows, team)};
  answers.truth.reserve(rows.size() * data.target_width);
  AnswerReader known(data);
  for (const int64_t row : rows) {
    const Answer answer = known.at(row);
    answers.truth.insert(answers.truth.end(), answer.target.begin(), answer.target.end());
    if (data.has_weights()) answers.weights.push_back(answer.weight);
    if (data.has_loss_weights()) answers.loss_weights.push_back(answer.loss_weight);
  }
  return answers;
}

namespace {

constexpr int64_t kOutputsAtOnce = int64_t{1} << 16;

// Rows that go on from one another run together, and steps of sequences are no rows to leave out.
int64_t rows_at_once(const Predictor& predictor, const Dataset& data, const Rows& rows) {
  if (predictor.is_stateful() || data.has_sequences())
    return std::max<int64_t>(std::ssize(rows), 1);
  return std::max<int64_t>(kOutputsAtOnce / predictor.num_outputs(), 512);
}

}  // namespace

int64_t most_shown(int64_t outputs) {
  constexpr int64_t kMostRows = int64_t{1} << 17, kMostOutputs = int64_t{1} << 20;
  return std::clamp<int64_t>(kMostOutputs / outputs, 1, kMostRows);
}

Measurement::Measurement(const Predictor& predictor, const Dataset& data, const Rows& rows,
                         const Target& target, const Loss& loss, Team& team, bool in_memory,
                         int64_t most_shown)
    : target_(target), outcomes_(target, in_memory), loss_(loss, target.num_outputs()) {
  const int64_t at_once = rows_at_once(predictor, data, rows), count = std::ssize(rows);
  const int64_t step = most_shown > 0 ? (count + most_shown - 1) / most_shown : 0;
  auto next = rows.begin();
  for (int64_t first = 0; first < count; first += at_once) {
    std::vector<int64_t> some;
    while (next != rows.end() && std::ssize(some) < at_once) some.push_back(*next++);
    Answers part = answers_of(predictor, data, some, team);
    outcomes_.add(part.outputs, part.truth, part.weights);
    loss_.add(part.outputs, part.truth, part.loss_weights);
    if (step == 1 && std::ssize(some) == count) {
      shown_ = std::move(part);
      shown_rows_ = std::move(some);
    } else if (step > 0) {
      show(part, some, first, step);
    }
  }
}

// Rows of the part whose place among all is a multiple of `step`.
void Measurement::show(const Answers& part, std::span<const int64_t> rows, int64_t first,
                       int64_t step) {
  const int64_t width = target_.num_outputs(), targets = target_.width();
  const auto take = [](const auto& from, int64_t i, int64_t columns, auto& to) {
    if (from.empty()) return;
    to.insert(to.end(), from.begin() + i * columns, from.begin() + (i + 1) * columns);
  };
  for (int64_t i = (step - first % step) % step; i < std::ssize(rows); i += step) {
    shown_rows_.push_back(rows[i]);
    take(part.outputs, i, width, shown_.outputs);
    take(part.truth, i, targets, shown_.truth);
    take(part.weights, i, 1, shown_.weights);
    take(part.loss_weights, i, 1, shown_.loss_weights);
  }
}

Metrics Measurement::essential() const {
  Metrics metrics = outcomes_.essential();
  if (target_.form() == OutputForm::margin) drop_metrics_of_probabilities(metrics);
  metrics["loss"] = loss_.value();
  return metrics;
}

Evaluation Measurement::all(const EvaluationOptions& options, Team& team) const {
  Evaluation evaluation = outcomes_.all(options, team);
  if (target_.form() == OutputForm::margin) {
    drop_from_evaluation(evaluation);
    for (TargetEvaluation& one : evaluation.targets) drop_from_evaluation(one);
  }
  evaluation.metrics["loss"] = loss_.value();
  return evaluation;
}

}  // namespace sinapse
