#include "train/full_batch_stepper.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>

#include "train/lbfgs.h"
#include "train/levenberg_marquardt.h"
#include "train/row_window.h"

namespace sinapse {

namespace {

constexpr int64_t kChunkRows = 1024;  // of all rows, that the network sees at a time

/// Evaluates loss and gradients with another stepper, chunk by chunk in the order of the data set.
/// Weights are doubles while a step lasts; what is kept is rounded to floats, so that a snapshot
/// holds all of it.
class FullBatchStepper : public Stepper {
 public:
  FullBatchStepper(const TrainingGraph& graph, std::unique_ptr<Stepper> network)
      : graph_(graph), network_(std::move(network)) {
    for (const ValueId id : graph.full_batch.memory) {
      memory_[id].assign(row_size(graph.graph.shape(id)), 0);
    }
  }

  std::span<const float> step(const Batch& batch, const StepState& state) override {
    rows_.assign(batch.rows.begin(), batch.rows.end());
    std::sort(rows_.begin(), rows_.end());
    batch_ = &batch;
    window_.emplace(batch.data.source.get());
    state_ = state;
    losses_.clear();
    Numbers weights = read_weights();
    optimize(weights);
    write_weights(weights);
    return losses_;
  }

  void write(ValueId id, std::span<const float> values) override {
    const auto kept = memory_.find(id);
    if (kept == memory_.end()) return network_->write(id, values);
    kept->second.assign(values.begin(), values.end());
  }
  std::vector<float> read(ValueId id) const override {
    const auto kept = memory_.find(id);
    return kept == memory_.end() ? network_->read(id) : kept->second;
  }
  std::vector<float> read_rows(ValueId id, int64_t rows) const override {
    return network_->read_rows(id, rows);
  }

 protected:
  /// One step of the optimizer. Its first evaluation is at `weights`.
  virtual void optimize(Numbers& weights) = 0;

  std::vector<float>& memory(size_t i) { return memory_.at(graph_.full_batch.memory[i]); }
  const std::vector<Updated>& parameters() const { return graph_.full_batch.parameters; }
  double learning_rate() const { return state_.learning_rate; }
  int64_t num_rows() const { return static_cast<int64_t>(rows_.size()); }

  /// The mean loss with the penalties; calls after(first row, count) for each chunk.
  template <class After>
  double evaluate(const Numbers& weights, After after) {
    write_weights(weights);
    const bool is_first = losses_.empty();
    double sum = 0;
    for (int64_t first = 0; first < num_rows(); first += kChunkRows) {
      const int64_t count = std::min(kChunkRows, num_rows() - first);
      const auto losses = run(first, count, num_rows(), first == 0);
      if (is_first) losses_.insert(losses_.end(), losses.begin(), losses.end());
      sum += weighted_sum(losses, network_->read_rows(graph_.row_weight, count));
      after(first, count);
    }
    return sum + penalty(weights);
  }

  /// Runs the network on some rows whose losses are shares of a mean of `mean_rows`.
  std::span<const float> run(int64_t first, int64_t count, int64_t mean_rows, bool begins) {
    state_.begins_update = begins;
    return network_->step({.data = batch_->data,
                           .rows = std::span(rows_).subspan(first, count),
                           .mean_rows = mean_rows,
                           .hides_categories = false,
                           .gathered = window_->take(rows_, first, count)},
                          state_);
  }

  /// What the graph has gathered, all parameters in a row.
  void read_gradient(double* gradient) const {
    for (const Updated& one : parameters()) {
      const int64_t size = row_size(one.parameter.shape);
      if (one.gradient == kNoValue) {
        std::fill_n(gradient, size, 0);
      } else {
        const std::vector<float> values = network_->read(one.gradient);
        std::copy(values.begin(), values.end(), gradient);
      }
      gradient += size;
    }
  }

  /// Calls visit(i, l1, l2) for each weight i with a penalty.
  template <class Visit>
  void for_penalised(Visit visit) const {
    size_t i = 0;
    for (const Updated& one : parameters()) {
      const auto end = i + static_cast<size_t>(row_size(one.parameter.shape));
      const double l1 = one.parameter.l1, l2 = one.parameter.l2;
      for (; i < end; ++i) {
        if (l1 > 0 || l2 > 0) visit(i, l1, l2);
      }
    }
  }

  Stepper& network() { return *network_; }

 private:
  Numbers read_weights() const {
    Numbers weights;
    for (const Updated& one : parameters()) {
      const std::vector<float> values = network_->read(one.parameter.value);
      weights.insert(weights.end(), values.begin(), values.end());
    }
    return weights;
  }

  void write_weights(const Numbers& weights) {
    auto from = weights.begin();
    for (const Updated& one : parameters()) {
      const auto to = from + row_size(one.parameter.shape);
      network_->write(one.parameter.value, std::vector<float>(from, to));
      from = to;
    }
  }

  static double weighted_sum(std::span<const float> losses, std::span<const float> weights) {
    double sum = 0;
    for (size_t r = 0; r < losses.size(); ++r) {
      if (weights[r] != 0) sum += static_cast<double>(weights[r]) * losses[r];
    }
    return sum;
  }

  double penalty(const Numbers& weights) const {
    double sum = 0;
    for_penalised([&](size_t i, double l1, double l2) {
      sum += l1 * std::abs(weights[i]) + l2 * weights[i] * weights[i];
    });
    return sum;
  }

  const TrainingGraph& graph_;
  std::unique_ptr<Stepper> network_;
  std::map<ValueId, std::vector<float>> memory_;
  const Batch* batch_ = nullptr;
  std::optional<RowWindow> window_;  // of the rows of a step
  StepState state_;
  std::vector<int64_t> rows_;
  std::vector<float> losses_;  // of the rows before the step
};

class LbfgsStepper : public FullBatchStepper {
 public:
  LbfgsStepper(const TrainingGraph& graph, std::unique_ptr<Stepper> network,
               const Optimizer& optimizer)
      : FullBatchStepper(graph, std::move(network)), options_(optimizer) {}

 private:
  void optimize(Numbers& weights) override {
    LbfgsMemory kept = unpack(weights.size());
    const auto evaluate = [&](const Numbers& at, Numbers& to) { return loss_and_gradient(at, to); };
    lbfgs_step(options_, learning_rate(), evaluate, weights, kept);
    pack(kept, weights.size());
  }

  double loss_and_gradient(const Numbers& weights, Numbers& gradient) {
    const double loss = evaluate(weights, [](int64_t, int64_t) {});
    read_gradient(gradient.data());
    for_penalised([&](size_t i, double l1, double l2) {
      const double w = weights[i], sign = (w > 0) - (w < 0);
      gradient[i] += l1 * sign + 2 * l2 * w;
    });
    return loss;
  }

  LbfgsMemory unpack(size_t n) {
    const std::vector<float>& counters = memory(0);
    if (counters[0] == 0) return {};
    LbfgsMemory kept{.has_begun = true,
                     .scale = counters[1],
                     .step = counters[2],
                     .direction = Numbers(memory(1).begin(), memory(1).end()),
                     .gradient = Numbers(memory(2).begin(), memory(2).end())};
    for (size_t pair = 0; pair < static_cast<size_t>(counters[3]); ++pair) {
      const auto row = [&](const std::vector<float>& rows) {
        return Numbers(rows.begin() + pair * n, rows.begin() + (pair + 1) * n);
      };
      kept.moves.push_back(row(memory(3)));
      kept.changes.push_back(row(memory(4)));
    }
    return kept;
  }

  void pack(const LbfgsMemory& kept, size_t n) {
    memory(0) = {kept.has_begun ? 1.0f : 0.0f, static_cast<float>(kept.scale),
                 static_cast<float>(kept.step), static_cast<float>(kept.moves.size())};
    memory(1).assign(kept.direction.begin(), kept.direction.end());
    memory(2).assign(kept.gradient.begin(), kept.gradient.end());
    for (size_t pair = 0; pair < kept.moves.size(); ++pair) {
      std::copy(kept.moves[pair].begin(), kept.moves[pair].end(), memory(3).begin() + pair * n);
      std::copy(kept.changes[pair].begin(), kept.changes[pair].end(), memory(4).begin() + pair * n);
    }
  }

  const LbfgsOptions options_;
};

class LevenbergMarquardtStepper : public FullBatchStepper {
 public:
  LevenbergMarquardtStepper(const TrainingGraph& graph, std::unique_ptr<Stepper> network,
                            const Optimizer& optimizer, Team& team)
      : FullBatchStepper(graph, std::move(network)),
        graph_(graph),
        options_(optimizer),
        team_(team),
        num_outputs_(row_size(graph.graph.shape(graph.output))) {
    memory(0)[0] = static_cast<float>(options_.damping);
  }

 private:
  static constexpr int64_t kRowsAtOnce = 256;  // of the Jacobian

  void optimize(Numbers& weights) override {
    double damping = memory(0)[0];
    levenberg_marquardt_step(
        options_,
        {.loss = [&](const Numbers& at) { return evaluate(at, [](int64_t, int64_t) {}); },
         .linearise = [&](const Numbers& at) { return linearise(at); }},
        weights, damping);
    memory(0)[0] = static_cast<float>(damping);
  }

  NormalEquations linearise(const Numbers& weights) {
    Numbers errors, shares;  // [rows, outputs]
    evaluate(weights, [&](int64_t, int64_t count) { append_errors(count, errors, shares); });
    NormalEquations equations(weights.size());
    for (int64_t output = 0; output < num_outputs_; ++output) {
      std::vector<float> picked(num_outputs_);
      picked[output] = 1;
      network().write(graph_.full_batch.picked_output, picked);
      for (int64_t first = 0; first < num_rows(); first += kRowsAtOnce) {
        add_rows(output, first, std::min(kRowsAtOnce, num_rows() - first), errors, shares,
                 equations);
      }
    }
    for_penalised([&](size_t i, double, double l2) {
      equations.gradient[i] += l2 * weights[i];
      equations.hessian[i * weights.size() + i] += l2;
    });
    return equations;
  }

  void append_errors(int64_t count, Numbers& errors, Numbers& shares) {
    const auto outputs = network().read_rows(graph_.output, count);
    const auto targets = network().read_rows(graph_.target, count);
    const auto weights = network().read_rows(graph_.row_weight, count);
    for (int64_t row = 0; row < count; ++row) {
      const auto first = row * num_outputs_, end = first + num_outputs_;
      const auto known = std::count_if(targets.begin() + first, targets.begin() + end,
                                       [](float target) { return !std::isnan(target); });
      for (int64_t i = first; i < end; ++i) {
        const bool is_known = !std::isnan(targets[i]);
        errors.push_back(is_known ? static_cast<double>(outputs[i]) - targets[i] : 0);
        shares.push_back(is_known ? weights[row] / static_cast<double>(known) : 0);
      }
    }
  }

  // A small network's backward pass for a single row takes microseconds.
  void add_rows(int64_t output, int64_t first, int64_t count, const Numbers& errors,
                const Numbers& shares, NormalEquations& equations) {
    const size_t n = equations.gradient.size();
    Numbers jacobian(count * n), row_errors(count), row_weights(count);
    for (int64_t r = 0; r < count; ++r) {
      const int64_t i = (first + r) * num_outputs_ + output;
      row_errors[r] = errors[i];
      row_weights[r] = shares[i];
      run(first + r, 1, 1, true);
      read_gradient(&jacobian[r * n]);
      unweigh(std::span(jacobian).subspan(r * n, n));
    }
    equations.add_rows(jacobian, row_errors, row_weights, team_);
  }

  // The graph weighs the row's derivatives as it would its loss.
  void unweigh(std::span<double> derivatives) {
    const float weight = network().read_rows(graph_.row_weight, 1)[0];
    if (weight == 0 || weight == 1) return;
    for (double& derivative : derivatives) derivative /= weight;
  }

  const TrainingGraph& graph_;
  const LevenbergMarquardtOptions options_;
  Team& team_;
  const int64_t num_outputs_;
};

}  // namespace

std::unique_ptr<Stepper> make_stepper(const TrainingGraph& graph, const Optimizer& optimizer,
                                      const TrainingOptions& options, Team& team) {
  const bool is_full = optimizer.definition->full_batch;
  const int64_t rows = is_full ? std::min(kChunkRows, options.batch_size) : options.batch_size;
  auto stepper = options.reference ? reference_stepper(graph, rows)
                                   : compiled_stepper(graph, optimizer, rows, team,
                                                      parse_precision(options.precision));
  if (!is_full) return stepper;
  if (is_levenberg_marquardt(optimizer)) {
    return std::make_unique<LevenbergMarquardtStepper>(graph, std::move(stepper), optimizer, team);
  }
  return std::make_unique<LbfgsStepper>(graph, std::move(stepper), optimizer);
}

}  // namespace sinapse
