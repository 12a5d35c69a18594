#include "train/choices.h"

#include <algorithm>
#include <cmath>
#include <set>

#include <fmt/format.h>

#include <sinapse/error.h>
#include <sinapse/optimizer.h>
#include <sinapse/schedule.h>

#include "compile/precision.h"
#include "cpu/bf16.h"
#include "data/split.h"
#include "network/presets.h"
#include "network/trained_network.h"

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

namespace {

// Embeds each index input and joins the results with the dense input, if there is one.
std::vector<LayerDescription> embedding_layers(const Features& features) {
  std::vector<LayerDescription> layers;
  std::vector<std::string> joined;
  if (features.width() > 0) joined.emplace_back("features");
  for (const Features::Embedded& embedded : features.embedded()) {
    const std::string name = "embedding_" + std::to_string(layers.size() + 1);
    layers.push_back(
        {"embedding",
         name,
         {embedded.column},
         {{"categories", embedded.num_categories}, {"dimension", embedded.dimension}}});
    joined.push_back(name);
  }
  if (!layers.empty()) layers.push_back({"concatenate", "inputs", joined, {}});
  return layers;
}

void append_hidden(std::vector<LayerDescription>& layers, const NetworkOptions& options) {
  for (const int64_t units : options.hidden) {
    if (options.batch_normalization) {
      layers.push_back({"dense",
                        "",
                        {},
                        {{"units", units},
                         {"use_bias", false},
                         {"kernel_initializer", std::string("he_normal")}}});
      layers.push_back({"batch_normalization", "", {}, {}});
      layers.push_back({"activation", "", {}, {{"activation", options.activation}}});
    } else {
      layers.push_back({"dense", "", {}, {{"units", units}, {"activation", options.activation}}});
    }
    if (options.dropout > 0) layers.push_back({"dropout", "", {}, {{"rate", options.dropout}}});
  }
}

constexpr int64_t kStateUnits = 64, kTokenVector = 64;
const std::string kTextNetwork = "text_gru";

bool takes_lengths(const std::string& type) {
  static const std::set<std::string> types{"rnn",           "lstm",
                                           "gru",           "context",
                                           "sequence_pool", "multi_head_attention",
                                           "mask_steps",    "transformer_encoder"};
  return types.contains(type);
}

std::vector<LayerDescription> default_sequence_layers(const NetworkOptions& options, bool per_row) {
  std::vector<LayerDescription> layers{
      {"gru", "", {}, {{"units", kStateUnits}, {"return_sequences", per_row}}}};
  for (const int64_t units : options.hidden) {
    layers.push_back({per_row ? "dense_per_step" : "dense",
                      "",
                      {},
                      {{"units", units}, {"activation", options.activation}}});
    if (options.dropout > 0) layers.push_back({"dropout", "", {}, {{"rate", options.dropout}}});
  }
  return layers;
}

// Each layer takes the one before, and the lengths where it can.
void join_steps(std::vector<LayerDescription>& layers, std::string before) {
  for (LayerDescription& layer : layers) {
    if (layer.inputs.empty()) {
      layer.inputs = {before};
      if (takes_lengths(layer.type)) layer.inputs.emplace_back("length");
    }
    before = layer.name;
  }
}

// What the output layer sees beside the text.
void append_other_inputs(std::vector<LayerDescription>& layers, const Features& features) {
  const std::vector<LayerDescription> others = embedding_layers(features);
  if (others.empty() && features.width() == 0) return;
  const std::string text = layers.back().name;
  layers.insert(layers.end(), others.begin(), others.end());
  const std::string other = others.empty() ? "features" : others.back().name;
  layers.push_back({"concatenate", "joined", {text, other}, {}});
}

}  // namespace

NetworkDescription describe_text_network(const NetworkOptions& options, const Features& features,
                                         int64_t num_outputs) {
  const std::vector<TokenFeature>& texts = features.tokens();
  if (texts.size() > 1) {
    throw Error(
        ErrorCode::usage,
        fmt::format("features: \"{}\" and \"{}\" are both to keep their tokens in order, but "
                    "one text can: leave out the sequence of one.",
                    texts[0].column, texts[1].column));
  }
  NetworkDescription body{options.layers};
  if (body.layers.empty())
    body.layers = preset_layers(options.preset.empty() ? kTextNetwork : options.preset);
  append_hidden(body.layers, options);
  body = with_names(body);
  join_steps(body.layers, "tokens");
  const std::string input = input_name(texts.front().column);
  NetworkDescription network;
  network.layers = {{"embedding",
                     "tokens",
                     {input},
                     {{"categories", texts.front().num_places()}, {"dimension", kTokenVector}}},
                    {"sequence_length", "length", {input}, {}}};
  network.layers.insert(network.layers.end(), body.layers.begin(), body.layers.end());
  append_other_inputs(network.layers, features);
  network.layers.push_back({"dense", "output", {}, {{"units", num_outputs}}});
  return network;
}

NetworkDescription describe_sequence_network(const NetworkOptions& options, bool per_row,
                                             int64_t num_outputs) {
  NetworkDescription network;
  network.layers = options.preset.empty() ? options.layers : preset_layers(options.preset);
  if (network.layers.empty()) network.layers = default_sequence_layers(options, per_row);
  network.layers.push_back(
      {per_row ? "dense_per_step" : "dense", "output", {}, {{"units", num_outputs}}});
  network = with_names(network);
  join_steps(network.layers, "features");
  return network;
}

NetworkDescription describe_network(const NetworkOptions& options, const Features* features,
                                    const Shape& input_row, int64_t num_outputs) {
  NetworkDescription network;
  if (features && !features->embedded().empty()) network.layers = embedding_layers(*features);
  const std::vector<LayerDescription> layers =
      options.preset.empty() ? options.layers : preset_layers(options.preset);
  if (layers.empty()) {
    if (input_row.size() > 1) network.layers.push_back({"flatten", "", {}, {}});
    append_hidden(network.layers, options);
  } else {
    network.layers.insert(network.layers.end(), layers.begin(), layers.end());
  }
  network.layers.push_back({"dense", "output", {}, {{"units", num_outputs}}});
  return with_names(network);
}

NetworkDescription describe_series_network(const NetworkOptions& options, bool has_future,
                                           int64_t horizon) {
  NetworkDescription network;
  network.layers = options.preset.empty() ? options.layers : preset_layers(options.preset);
  std::vector<std::string> joined;
  if (network.layers.empty()) {
    network.layers.push_back({"flatten", "seen", {"window"}, {}});
    joined = {"seen"};
    if (has_future) {
      network.layers.push_back({"concatenate", "inputs", {"seen", "future"}, {}});
      joined = {"inputs"};
    }
    append_hidden(network.layers, options);
  } else {
    if (network.layers.front().inputs.empty()) network.layers.front().inputs = {"window"};
    if (has_future) joined = {"future"};
  }
  network = with_names(network);
  if (!joined.empty()) {
    joined.insert(joined.begin(), network.layers.back().name);
    network.layers.push_back({"concatenate", "joined", joined, {}});
  }
  network.layers.push_back({"dense", "output", {}, {{"units", horizon}}});
  return network;
}

}  // namespace sinapse
