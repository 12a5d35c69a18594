#include "train/answers.h"

#include <algorithm>
#include <cmath>

#include "train/losses.h"

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
  for (const int64_t row : rows) {
    const auto target = data.target_row(row);
    answers.truth.insert(answers.truth.end(), target.begin(), target.end());
    if (!data.weights.empty()) answers.weights.push_back(data.weights[row]);
    if (!data.loss_weights.empty()) answers.loss_weights.push_back(data.loss_weights[row]);
  }
  return answers;
}

Metrics evaluate(const Answers& answers, const Target& target, const Loss& loss) {
  Metrics metrics = evaluate_outputs(answers.outputs, answers.truth, target, answers.weights);
  if (target.form() == OutputForm::margin) drop_metrics_of_probabilities(metrics);
  metrics["loss"] =
      mean_loss(loss, answers.outputs, answers.truth, target.num_outputs(), answers.loss_weights);
  return metrics;
}

Evaluation evaluate_fully(const Answers& answers, const Target& target, const Loss& loss,
                          const EvaluationOptions& options, Team& team) {
  Evaluation evaluation =
      evaluate_fully(answers.outputs, answers.truth, target, answers.weights, options, team);
  if (target.form() == OutputForm::margin) {
    drop_from_evaluation(evaluation);
    for (TargetEvaluation& one : evaluation.targets) drop_from_evaluation(one);
  }
  evaluation.metrics["loss"] =
      mean_loss(loss, answers.outputs, answers.truth, target.num_outputs(), answers.loss_weights);
  return evaluation;
}

}  // namespace sinapse
