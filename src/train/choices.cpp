#include "train/choices.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include <sinapse/error.h>
#include <sinapse/optimizer.h>
#include <sinapse/schedule.h>

#include "compile/precision.h"
#include "cpu/bf16.h"
#include "data/split.h"
#include "network/presets.h"

namespace sinapse {

namespace {

constexpr int64_t kMostRowsOfFinalFit = 5000;
constexpr int64_t kMostStepsOfBatch = 1 << 16;

void require(bool fine, std::string_view option, std::string_view expected, double got) {
  if (fine) return;
  throw Error(ErrorCode::usage, fmt::format("{} must be {}, but is {}.", option, expected, got));
}

void check_precision(const TrainingOptions& training) {
  if (parse_precision(training.precision) == ProductPrecision::float32) return;
  if (training.reference) {
    throw Error(ErrorCode::usage,
                "The reference kernels compute in float32: leave out precision or reference.");
  }
  require_bf16();
}

void check(const RunOptions& options) {
  const TrainingOptions& training = options.training;
  check_shares({options.data.validation_split, options.data.test_split});
  require(training.epochs >= 0, "epochs", "at least 1", static_cast<double>(training.epochs));
  require(training.batch_size >= 0 && training.batch_size <= (1 << 20), "batch_size",
          "between 1 and 1048576", static_cast<double>(training.batch_size));
  require(training.learning_rate >= 0 && std::isfinite(training.learning_rate), "learning_rate",
          "a positive number", training.learning_rate);
  require(training.patience >= 0, "patience", "at least 1", static_cast<double>(training.patience));
  require(training.min_delta >= 0, "min_delta", "at least 0", training.min_delta);
  const auto at_least_0 = [](double value, const char* name) {
    require(value >= 0 && std::isfinite(value), name, "at least 0", value);
  };
  at_least_0(training.l1, "l1");
  at_least_0(training.l2, "l2");
  at_least_0(training.clip_norm, "clip_norm");
  at_least_0(training.clip_value, "clip_value");
  require(training.accumulate >= 1 && training.accumulate <= (1 << 20), "accumulate",
          "between 1 and 1048576 batches", static_cast<double>(training.accumulate));
  require(training.ema_decay >= 0 && training.ema_decay < 1, "ema_decay", "at least 0 and below 1",
          training.ema_decay);
  require(training.swa_start >= 0, "swa_start", "an epoch, from 1",
          static_cast<double>(training.swa_start));
  require(training.swa_start == 0 || training.ema_decay == 0, "swa_start",
          "left out where ema_decay is given, as both average the weights",
          static_cast<double>(training.swa_start));
  require(training.threads >= 0 && training.threads <= 1024, "threads", "between 1 and 1024",
          training.threads);
  check_precision(training);
  const CheckpointOptions& checkpoint = options.checkpoint;
  at_least_0(training.time_limit.count(), "time_limit");
  at_least_0(checkpoint.interval.count(), "checkpoint.interval");
  at_least_0(static_cast<double>(checkpoint.epochs), "checkpoint.epochs");
  at_least_0(static_cast<double>(checkpoint.steps), "checkpoint.steps");
  require(checkpoint.keep >= 1, "checkpoint.keep", "at least 1",
          static_cast<double>(checkpoint.keep));
  require(options.network.dropout >= 0 && options.network.dropout < 1, "dropout",
          "at least 0 and below 1", options.network.dropout);
  for (const int64_t units : options.network.hidden) {
    require(units >= 1 && units <= (1 << 20), "hidden", "between 1 and 1048576 units",
            static_cast<double>(units));
  }
}

void check_one_network(const NetworkOptions& network, const DataSize& size) {
  if (network.preset.empty()) return;
  const NetworkPreset& preset = network_preset(network.preset);
  if (preset.texts ? !size.sequences : size.tokens) {
    throw Error(
        ErrorCode::usage,
        fmt::format("The network \"{}\" reads {}. `sinapse list networks` tells the others.",
                    preset.name,
                    preset.texts ? "the tokens of texts in order, which the data have not"
                                 : "pictures, not the tokens of texts"));
  }
  if (network.layers.empty() && network.hidden.empty()) return;
  throw Error(ErrorCode::usage,
              fmt::format("The network \"{}\" is complete: leave out network.{}, or the preset.",
                          network.preset, network.layers.empty() ? "hidden" : "layers"));
}

int64_t power_of_two_near(double value, int64_t least, int64_t most) {
  const auto power =
      int64_t{1} << std::clamp<int>(std::lround(std::log2(std::max(value, 1.0))), 0, 30);
  return std::clamp(power, least, most);
}

// Small tables want small batches (more steps an epoch), large ones the speed of large batches.
// Texts want many steps, and each is work enough.
int64_t choose_batch_size(const DataSize& size) {
  const int64_t most = size.tokens ? 32 : size.pixels ? 128 : 256;
  const int64_t rows = power_of_two_near(static_cast<double>(size.training_rows) / 40, 16, most);
  return std::min(rows, std::max<int64_t>(8, kMostStepsOfBatch / size.steps));
}

int64_t choose_full_batch(const TrainingOptions& training, const DataSize& size) {
  if (training.batch_size == 0 || training.batch_size >= size.training_rows) {
    return size.training_rows;
  }
  throw Error(ErrorCode::usage,
              fmt::format("{} takes all {} training rows at once, so leave out batch_size = {}.",
                          training.optimizer, size.training_rows, training.batch_size));
}

// Enough epochs for some thousands of steps; early stopping ends those that need fewer.
int64_t choose_epochs(const DataSize& size, int64_t batch_size) {
  const double steps_per_epoch =
      std::ceil(static_cast<double>(size.training_rows) / static_cast<double>(batch_size));
  const auto wanted = std::lround(4000 / steps_per_epoch);
  if (size.tokens) return std::clamp<int64_t>(wanted / 4, 5, 30);  // soon learned by heart
  return size.pixels ? std::clamp<int64_t>(wanted, 10, 50) : std::clamp<int64_t>(wanted, 20, 200);
}

std::vector<int64_t> choose_hidden(const DataSize& size) {
  if (size.pixels) return {256, 128};
  if (size.training_rows < 1000) return {64};
  return {128, 64};
}

// Smooth functions fit smooth surfaces better (bench/quality); for classes there is no difference.
std::string choose_activation(const RunOptions& options, const DataSize& size) {
  const bool is_table = !size.pixels && options.series.horizon == 0;
  return size.task == Task::regression && is_table ? "mish" : "relu";
}

void choose_activations(RunOptions& options, const DataSize& size) {
  NetworkOptions& network = options.network;
  if (network.activation == "auto") network.activation = choose_activation(options, size);
  for (LayerDescription& layer : network.layers) {
    const auto field = layer.fields.find("activation");
    if (field == layer.fields.end()) continue;
    auto* name = std::get_if<std::string>(&field->second);
    if (name != nullptr && *name == "auto") *name = network.activation;
  }
}

Schedule dropout_schedule(const std::string& text) {
  const Schedule schedule = parse_schedule(text);
  if (schedule.definition->name == "reduce_on_plateau") {
    throw Error(ErrorCode::usage,
                "training.dropout_schedule: reduce_on_plateau is one of learning rates; name one "
                "that follows the steps, e.g. flat_cosine.");
  }
  return schedule;
}

// A second training is cheap for few rows, and it is these that miss the ones kept back. Whoever
// sets epochs or optimizer may rely on early stopping, which a final fit has not.
std::string choose_final_fit(const RunOptions& options, const DataSize& size) {
  const TrainingOptions& training = options.training;
  const bool is_chosen_by_data = training.epochs == 0 && training.optimizer == "auto" &&
                                 options.network.from.empty() && options.data.split.empty() &&
                                 options.data.time.empty();
  return is_chosen_by_data && !size.pixels && !size.sequences && size.validation_rows > 0 &&
                 size.training_rows <= kMostRowsOfFinalFit
             ? "all"
             : "none";
}

void check_final_fit(const RunOptions& options, const DataSize& size) {
  const std::string& fit = options.training.final_fit;
  if (fit != "auto" && fit != "all" && fit != "none") {
    throw Error(ErrorCode::usage,
                fmt::format("final_fit must be auto, all or none, but is \"{}\".", fit));
  }
  if (fit == "all" && (size.pixels || size.sequences || options.series.horizon > 0)) {
    throw Error(ErrorCode::usage,
                "final_fit is all, but only tables are learned twice: leave it out, or set "
                "validation_split to 0.");
  }
}

// The fewer rows, the more the weights are held back. On small tables
// decay 1 clearly beats early stopping alone (diabetes: RMSE 55 instead of 58).
std::string choose_optimizer(const DataSize& size) {
  if (size.pixels || size.sequences) return "adam";
  const double decay =
      std::min(1.0, 3000 / static_cast<double>(std::max<int64_t>(size.training_rows, 1)));
  return fmt::format("adamw(weight_decay={:.2g})", decay);
}

}  // namespace

RunOptions resolve(RunOptions options, const DataSize& size) {
  check(options);
  TrainingOptions& training = options.training;
  check_final_fit(options, size);
  if (training.final_fit == "auto") training.final_fit = choose_final_fit(options, size);
  choose_activations(options, size);
  training.loss = to_string(choose_loss(training.loss, size.task));
  if (training.optimizer == "auto") training.optimizer = choose_optimizer(size);
  const Optimizer optimizer = parse_optimizer(training.optimizer);
  training.optimizer = to_string(optimizer);
  const bool full_batch = optimizer.definition->full_batch;
  if (full_batch && training.precision != "float32") {
    throw Error(ErrorCode::usage,
                fmt::format("{} needs exact gradients: leave out precision = {}, or choose another "
                            "optimizer.",
                            training.optimizer, training.precision));
  }
  if (training.schedule == "auto") training.schedule = full_batch ? "constant" : "cosine";
  training.schedule = to_string(parse_schedule(training.schedule));
  training.dropout_schedule = to_string(dropout_schedule(training.dropout_schedule));
  check_one_network(options.network, size);
  if (options.network.hidden.empty() && options.network.layers.empty() &&
      options.network.preset.empty() && options.network.from.empty() && !size.sequences) {
    options.network.hidden = choose_hidden(size);
  }
  if (full_batch) training.batch_size = choose_full_batch(training, size);
  if (training.batch_size == 0) training.batch_size = choose_batch_size(size);
  training.batch_size = std::min(training.batch_size, std::max<int64_t>(size.training_rows, 1));
  if (training.epochs == 0) training.epochs = choose_epochs(size, training.batch_size);
  if (training.patience == 0) training.patience = std::max<int64_t>(5, training.epochs / 4);
  if (training.learning_rate == 0) {
    training.learning_rate = optimizer.definition->default_learning_rate;
  }
  return options;
}

}  // namespace sinapse
