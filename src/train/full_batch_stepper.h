// What the optimizers have in common that ask for loss and gradient over all training rows.
#pragma once

#include <algorithm>
#include <optional>

#include "train/line_search.h"
#include "train/row_window.h"
#include "train/stepper.h"

namespace sinapse {

inline constexpr int64_t kChunkRows = 1024;  // of all rows, that the network sees at a time

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
    return put_in_order_of(batch.rows);
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
                           .gathered = window_->take(rows_, first, count).numbers},
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
  // The losses stand in the order of the data set.
  std::span<const float> put_in_order_of(std::span<const int64_t> rows) {
    batch_losses_.clear();
    for (const int64_t row : rows) {
      const auto place = std::lower_bound(rows_.begin(), rows_.end(), row);
      batch_losses_.push_back(losses_[place - rows_.begin()]);
    }
    return batch_losses_;
  }

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
  std::vector<float> losses_;        // of the rows before the step
  std::vector<float> batch_losses_;  // the same in the order of the batch
};

}  // namespace sinapse
