#include "train/lbfgs_stepper.h"

#include "train/full_batch_stepper.h"
#include "train/lbfgs.h"

namespace sinapse {

namespace {

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

}  // namespace

std::unique_ptr<Stepper> lbfgs_stepper(const TrainingGraph& graph, std::unique_ptr<Stepper> network,
                                       const Optimizer& optimizer) {
  return std::make_unique<LbfgsStepper>(graph, std::move(network), optimizer);
}

}  // namespace sinapse
