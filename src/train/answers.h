// What a network says of rows whose target is known.
#pragma once

#include <sinapse/loss.h>

#include "features/target.h"
#include "train/metrics.h"
#include "train/predictor.h"

namespace sinapse {

struct Answers {
  std::vector<float> outputs;       // [rows, outputs]
  std::vector<float> truth;         // [rows, targets], as Target::encode gives it
  std::vector<double> weights;      // [rows] in metrics, or empty
  std::vector<float> loss_weights;  // [rows] in the loss, or empty
};

Answers answers_of(const Predictor& predictor, const Dataset& data, std::span<const int64_t> rows,
                   Team& team);

/// "loss", the mean of the loss, and the essential metrics that the outputs allow.
Metrics evaluate(const Answers& answers, const Target& target, const Loss& loss);

/// "loss" and everything else.
Evaluation evaluate_fully(const Answers& answers, const Target& target, const Loss& loss,
                          const EvaluationOptions& options, Team& team);

}  // namespace sinapse
