// Runs a trained network on encoded rows.
#pragma once

#include <map>
#include <mutex>

#include "cpu/executor.h"
#include "network/cell_states.h"
#include "network/network.h"
#include "network/trained_network.h"
#include "train/dataset.h"

namespace sinapse {

/// An inference plan with its weights. Immutable after set_weights: any number of threads may run
/// it, each call with a team of its own. Sequences have a plan for each padded_steps(), made when
/// the first of that length come.
class Predictor {
 public:
  /// Batches of more than `max_rows` rows are cut. `stateful`: rows go on from one another, and the
  /// layers with stateful: true from their states.
  Predictor(const NetworkDescription& network, const std::vector<InputDescription>& inputs,
            int64_t max_rows, bool stateful = false);

  void set_weights(const std::map<std::string, std::vector<float>>& weights);
  /// For a row, or of a network that answers every step of its sequences, for a step.
  int64_t num_outputs() const;

  /// The network's outputs (logits, or standardised numbers), [rows, num_outputs] row-major, or
  /// [all steps of the rows, num_outputs].
  /// Rows must be complete: `rows` picks from the data set, in this order; empty: all.
  std::vector<float> run(const Dataset& data, std::span<const int64_t> rows, Team& team) const;

  /// An executor that shares the weights, for callers who fill inputs themselves.
  Executor executor(Team& team) const {
    return Executor(whole_->plan, team, whole_->weights.get());
  }
  /// Whether rows go on from one another, so that they must be run together.
  bool is_stateful() const { return stateful_; }
  const std::vector<ValueId>& inputs() const { return whole_->inputs; }
  ValueId output() const { return whole_->output; }

 private:
  struct Compiled {
    std::shared_ptr<const Plan> plan;
    std::vector<ValueId> inputs;
    std::vector<CellState> states;
    ValueId output = kNoValue;
    std::vector<ParameterInfo> parameters;
    std::unique_ptr<Executor> weights;
    bool shares_weights = false;  // those of whole_
  };

  std::shared_ptr<Compiled> compile_for(const std::vector<InputDescription>& inputs) const;
  std::shared_ptr<const Compiled> for_steps(int64_t steps) const;
  bool answers_steps() const;
  std::vector<float> run_sequences(const Dataset& data, std::span<const int64_t> rows,
                                   Team& team) const;
  static View<float> run_batch(const Compiled& compiled, Executor& executor, const Dataset& data,
                               std::span<const int64_t> rows, std::span<const int64_t> batch);

  NetworkDescription network_;
  std::vector<InputDescription> inputs_;
  int64_t max_rows_;
  bool stateful_;
  std::unique_ptr<Team> no_team_;
  std::shared_ptr<Compiled> whole_;
  std::unique_ptr<std::mutex> mutex_ = std::make_unique<std::mutex>();  // of by_steps_
  mutable std::map<int64_t, std::shared_ptr<Compiled>> by_steps_;
};

}  // namespace sinapse
