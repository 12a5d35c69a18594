#include "train/levenberg_marquardt_stepper.h"

#include <algorithm>
#include <cmath>

#include "train/full_batch_stepper.h"
#include "train/levenberg_marquardt.h"

namespace sinapse {

namespace {

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

std::unique_ptr<Stepper> levenberg_marquardt_stepper(const TrainingGraph& graph,
                                                     std::unique_ptr<Stepper> network,
                                                     const Optimizer& optimizer, Team& team) {
  return std::make_unique<LevenbergMarquardtStepper>(graph, std::move(network), optimizer, team);
}

}  // namespace sinapse
