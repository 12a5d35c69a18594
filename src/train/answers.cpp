#include "train/answers.h"

#include "train/losses.h"

namespace sinapse {

Answers answers_of(const Predictor& predictor, const Dataset& data, std::span<const int64_t> rows,
                   Team& team) {
  Answers answers{.outputs = predictor.run(data, rows, team), .truth = {}};
  answers.truth.reserve(rows.size());
  for (const int64_t row : rows) answers.truth.push_back(data.target[row]);
  return answers;
}

std::map<std::string, double> evaluate(const Answers& answers, const Target& target,
                                       const Loss& loss) {
  std::map<std::string, double> metrics = evaluate_outputs(answers.outputs, answers.truth, target);
  metrics["loss"] = mean_loss(loss, answers.outputs, answers.truth, target.num_outputs(), {});
  if (target.form() == OutputForm::margin) metrics.erase("log_loss");
  return metrics;
}

}  // namespace sinapse
