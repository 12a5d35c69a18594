// A training loop of your own: you choose the batches, the rates and when to stop.
//
//     Trainer trainer(dense_network({32}, "tanh", 1), {2}, {.optimizer = "adam"});
//     for (int step = 1; step <= 1000; ++step) {
//       const double loss = trainer.step(inputs, targets);
//     }
//     const std::vector<float> outputs = trainer.predict(inputs);
#pragma once

#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <sinapse/model.h>
#include <sinapse/network.h>
#include <sinapse/shape.h>

namespace sinapse {

struct TrainerOptions {
  std::string loss = "mean_squared_error";  ///< of the table in loss.h, with constants
  std::string optimizer = "adam";           ///< of the table in optimizer.h, with constants
  double learning_rate = 0;                 ///< 0: the optimizer's default
  int64_t max_batch = 1024;                 ///< rows of the largest batch
  double l1 = 0, l2 = 0;                    ///< penalties, as in TrainingOptions
  double clip_norm = 0, clip_value = 0;     ///< limits of the gradients, as there; 0: none
  /// Row r of a batch goes on from row r of the batch before, with the states of the layers whose
  /// field stateful is set, but without their gradient: truncated back-propagation through time.
  bool stateful = false;
  uint64_t seed = 1;
  int threads = 0;                    ///< 0: one for each processor; results do not depend on it
  std::string precision = "float32";  ///< or bf16, as in TrainingOptions
};

/// A network while it learns: plain arrays go in, losses and outputs come out. One thread at a time
/// may call it.
class Trainer {
 public:
  /// `input` is the shape of one row: {2}, or {3, 32, 32} for an image. The network's input is
  /// named "pixels". Throws Error(model) for a network that cannot be built or does not fit the
  /// loss, Error(usage) for an unknown loss or optimizer, or one that takes all rows at once, and
  /// for `stateful` without a layer that is.
  Trainer(const NetworkDescription& network, const Shape& input,
          const TrainerOptions& options = {});
  ~Trainer();
  Trainer(Trainer&&) noexcept;
  Trainer& operator=(Trainer&&) noexcept;

  /// One step of the optimizer on one batch; the mean loss before it. inputs [rows, input...],
  /// row-major; targets [rows] class numbers from 0, or [rows, outputs] numbers, as the loss takes
  /// them. Throws Error(usage) if the sizes do not fit or there are more than max_batch rows.
  double step(std::span<const float> inputs, std::span<const float> targets);

  /// The next batch begins with empty states, as the first one does. Of use with `stateful`.
  void reset_states();

  int64_t steps() const;  ///< so far
  double learning_rate() const;
  void set_learning_rate(double rate);  ///< of the next steps

  /// Outputs [rows, outputs] for inputs [rows, input...]: numbers, or logits of the classes. From
  /// empty states.
  std::vector<float> predict(std::span<const float> inputs) const;

  /// Parameters and running statistics by name, "dense1.weight", in row-major order.
  std::map<std::string, std::vector<float>> weights() const;
  /// Throws Error(model) unless every name is there with its size.
  void set_weights(const std::map<std::string, std::vector<float>>& weights);

  /// The network as it is now, to predict and save. With `classes`, outputs are their logits (one
  /// logit for two classes); without, the network must have one output, a number. The model takes
  /// rows as an Array of float32.
  Model model(const std::vector<std::string>& classes = {}) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace sinapse
