#include "train/answers.h"

#include "train/losses.h"

namespace sinapse {

namespace {

// A margin orders rows, but is no probability.
template <class ByName>
void drop_metrics_of_probabilities(ByName& by_name) {
  for (const char* name : {"log_loss", "brier", "calibration_error"}) by_name.erase(name);
}

}  // namespace

Answers answers_of(const Predictor& predictor, const Dataset& data, std::span<const int64_t> rows,
                   Team& team) {
  Answers answers{.outputs = predictor.run(data, rows, team), .truth = {}};
  answers.truth.reserve(rows.size());
  for (const int64_t row : rows) answers.truth.push_back(data.target[row]);
  return answers;
}

Metrics evaluate(const Answers& answers, const Target& target, const Loss& loss) {
  Metrics metrics = evaluate_outputs(answers.outputs, answers.truth, target);
  if (target.form() == OutputForm::margin) drop_metrics_of_probabilities(metrics);
  metrics["loss"] = mean_loss(loss, answers.outputs, answers.truth, target.num_outputs(), {});
  return metrics;
}

Evaluation evaluate_fully(const Answers& answers, const Target& target, const Loss& loss,
                          const EvaluationOptions& options, Team& team) {
  Evaluation evaluation = evaluate_fully(answers.outputs, answers.truth, target, options, team);
  if (target.form() == OutputForm::margin) {
    drop_metrics_of_probabilities(evaluation.metrics);
    drop_metrics_of_probabilities(evaluation.intervals);
  }
  evaluation.metrics["loss"] =
      mean_loss(loss, answers.outputs, answers.truth, target.num_outputs(), {});
  return evaluation;
}

}  // namespace sinapse
