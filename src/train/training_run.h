// One run of the training loop over prepared data: network, loop, measuring, model.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "train/augment.h"
#include "train/choices.h"
#include "train/learning_rate_range.h"
#include "train/prepared.h"
#include "train/training_graph.h"

namespace sinapse {

class TrainingRun {
 public:
  /// Tells what there is to remark, and resolves what the options leave open.
  TrainingRun(Prepared prepared, const RunOptions& options, const TrainCallbacks& callbacks);

  /// Trains and measures; once.
  TrainResult run();

  /// Given back when all is done.
  Split split() { return std::move(prepared_.split); }

  /// Tries rising learning rates instead of training. Throws Error(usage) for an optimizer that
  /// takes none.
  LearningRateRange test_learning_rates(const LearningRateRangeOptions& range);

 private:
  TrainingGraph training_graph(const Optimizer& optimizer,
                               const std::vector<InputDescription>& inputs) const;
  DataSize data_size() const;
  std::optional<Augmenter> make_augmenter() const;
  std::map<std::string, std::vector<float>> weights_to_begin_from(const TrainingGraph& graph);
  void describe();
  void evaluate(const Predictor& predictor);
  void measure_training_rows(const Predictor& predictor);
  void measure(const Predictor& predictor, const char* part, const Dataset& data, const Rows& rows);
  void finish(const TrainingGraph& graph);
  void remark_all(const std::vector<std::string>& remarks) const;

  Prepared prepared_;
  const TrainCallbacks& callbacks_;
  Team team_;
  TrainResult result_;
};

}  // namespace sinapse
