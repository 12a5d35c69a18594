// What a network says of rows whose target is known.
#pragma once

#include <sinapse/loss.h>

#include "data/rows.h"
#include "features/target.h"
#include "train/losses.h"
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

/// So many rows, of that many outputs each, are enough for figures.
int64_t most_shown(int64_t outputs);

/// Rows whose target is known, measured part by part: as many as there may be take little memory.
class Measurement {
 public:
  /// Runs the network on all of them. Of `most_shown` rows or fewer the answers are kept, too, of
  /// more those of every second, third and so on. Resamples want `in_memory`. `target` outlives it.
  Measurement(const Predictor& predictor, const Dataset& data, const Rows& rows,
              const Target& target, const Loss& loss, Team& team, bool in_memory = false,
              int64_t most_shown = 0);

  /// "loss", the mean of the loss, and the essential metrics that the outputs allow.
  Metrics essential() const;
  /// "loss" and everything else.
  Evaluation all(const EvaluationOptions& options, Team& team) const;

  const Answers& shown() const { return shown_; }
  const std::vector<int64_t>& shown_rows() const { return shown_rows_; }

 private:
  void show(const Answers& part, std::span<const int64_t> rows, int64_t first, int64_t step);

  const Target& target_;
  GatheredOutcomes outcomes_;
  MeanLoss loss_;
  Answers shown_;
  std::vector<int64_t> shown_rows_;
};

}  // namespace sinapse
