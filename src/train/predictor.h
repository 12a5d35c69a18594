// Runs a trained network on encoded rows.
#pragma once

#include "cpu/executor.h"
#include "network/network.h"
#include "network/trained_network.h"
#include "train/dataset.h"

namespace sinapse {

/// An inference plan with its weights. Immutable after set_weights: any number of threads may run
/// it, each call with a team of its own.
class Predictor {
 public:
  /// Batches of more than `max_rows` rows are cut.
  Predictor(const NetworkDescription& network, const std::vector<InputDescription>& inputs,
            int64_t max_rows);

  void set_weights(const std::map<std::string, std::vector<float>>& weights);
  int64_t num_outputs() const { return row_size(plan_->graph.shape(output_)); }

  /// The network's outputs (logits, or standardised numbers), [rows, num_outputs] row-major.
  /// Rows must be complete: `rows` picks from the data set, in this order; empty: all.
  std::vector<float> run(const Dataset& data, std::span<const int64_t> rows, Team& team) const;

  /// An executor that shares the weights, for callers who fill inputs themselves.
  Executor executor(Team& team) const { return Executor(plan_, team, weights_.get()); }
  const std::vector<ValueId>& inputs() const { return inputs_; }
  ValueId output() const { return output_; }

 private:
  std::shared_ptr<const Plan> plan_;
  std::vector<ValueId> inputs_;
  ValueId output_ = kNoValue;
  std::vector<ParameterInfo> parameters_;
  std::unique_ptr<Team> no_team_;
  std::unique_ptr<Executor> weights_;
};

}  // namespace sinapse
