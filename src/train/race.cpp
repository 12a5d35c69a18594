#include "train/race.h"

#include <algorithm>
#include <chrono>
#include <limits>

#include <fmt/format.h>

#include <sinapse/error.h>

#include "train/prepared.h"
#include "train/run_file.h"
#include "train/text_order.h"
#include "train/training_run.h"

namespace sinapse {

namespace {

constexpr int64_t kLeastRows = 300, kMostRows = 5000, kLeastValidationRows = 10;
constexpr int64_t kMostRounds = 3, kEnoughValidationRows = 600;
// Of the loss of the usual network: less than this is no difference that these rows can tell.
constexpr double kClearly = 0.97;
// Cross-entropy of the usual network on rows kept back that leaves nothing to choose.
constexpr double kSolved = 0.01;

// What the tables of bench/quality tell apart: much noise wants few units and weights held back,
// fine structure the contrary; learned scales suit many inputs of which few count.
constexpr Entrant kEntrants[] = {
    {"the usual network", ""},
    {"scaled inputs",
     "network: {layers: [{type: scaling, factor: 6}, {type: dense, units: 128, activation: auto}, "
     "{type: dense, units: 64, activation: auto}]}"},
    {"scaled inputs and learned activations",
     "network: {layers: [{type: scaling, factor: 6}, {type: dense, units: 128}, "
     "{type: parametric_activation, activation: auto}, {type: dense, units: 64}, "
     "{type: parametric_activation, activation: auto}]}"},
    {"wide layers, light weight decay",
     "network: {hidden: [128, 128]}\n"
     "training: {optimizer: adamw(weight_decay=0.3)}"},
};

RunOptions with_keys(const RunOptions& options, const Entrant& entrant) {
  RunDescription run{.options = options};
  merge_run_text(run, std::string(entrant.keys), fmt::format("entrant {}", entrant.name));
  std::string& final_fit = run.options.training.final_fit;
  if (final_fit == "auto") final_fit = "all";  // as where the optimizer is left to the data
  return std::move(run.options);
}

RunOptions without_files(RunOptions options) {
  options.training.final_fit = "none";
  options.checkpoint = {};
  return options;
}

// The split itself, then others of the same rows.
std::vector<Split> splits_of_rounds(const Table& table, const RunOptions& options,
                                    const KnownRows& known, const Split& split, int64_t rounds) {
  std::vector<int64_t> rows = split.train;
  rows.insert(rows.end(), split.validation.begin(), split.validation.end());
  std::sort(rows.begin(), rows.end());
  RunOptions other = options;
  other.data.test_split = 0;
  std::vector<Split> splits{{.train = split.train, .validation = split.validation}};
  while (std::ssize(splits) < rounds) {
    ++other.training.seed;
    splits.push_back(split_rows(table, known, rows, other));
  }
  return splits;
}

}  // namespace

std::span<const Entrant> entrants(Task task) {
  const bool is_known = task == Task::regression || is_classification(task);
  return is_known ? std::span<const Entrant>(kEntrants) : std::span<const Entrant>();
}

bool wants_race(const RunOptions& options, const Split& split) {
  const NetworkOptions& network = options.network;
  const TrainingOptions& training = options.training;
  const bool is_network_open = network.hidden.empty() && network.layers.empty() &&
                               network.preset.empty() && network.from.empty() &&
                               network.activation == "auto" && network.dropout == 0 &&
                               !network.batch_normalization && !has_text_in_order(options.features);
  const bool is_training_open = training.epochs == 0 && training.optimizer == "auto" &&
                                training.learning_rate == 0 && training.loss == "auto" &&
                                !training.stateful;
  const bool are_rows_alike = options.data.split.empty() && options.data.time.empty();
  return is_network_open && is_training_open && are_rows_alike &&
         std::ssize(split.train) >= kLeastRows && std::ssize(split.train) <= kMostRows &&
         std::ssize(split.validation) >= kLeastValidationRows;
}

int64_t rounds_of_race(int64_t validation_rows) {
  return std::clamp<int64_t>(kEnoughValidationRows / std::max<int64_t>(validation_rows, 1), 1,
                             kMostRounds);
}

RunOptions winner_of_race(const RunOptions& options, Task task, int64_t rounds,
                          const Racing& loss_of, const TrainCallbacks& callbacks) {
  const auto start = std::chrono::steady_clock::now();
  const Seconds limit = options.training.time_limit;
  const Entrant* best = nullptr;
  double least = 0;
  std::string told;
  for (const Entrant& entrant : entrants(task)) {
    double mean = 0;
    for (int64_t round = 0; round < rounds; ++round) {
      const auto loss = loss_of(without_files(with_keys(options, entrant)), round);
      const bool is_late =
          limit.count() > 0 && std::chrono::steady_clock::now() - start > limit / 2;
      if (!loss || is_late) return options;
      mean += *loss / static_cast<double>(rounds);
    }
    told += fmt::format("{}{} {:.4g}", told.empty() ? "" : "; ", entrant.name, mean);
    const bool is_usual = best == entrants(task).data();
    if (best != nullptr && !(mean < (is_usual ? kClearly : 1) * least)) continue;
    best = &entrant;
    least = mean;
    if (is_classification(task) && mean < kSolved) break;
  }
  if (best == nullptr) return options;
  if (callbacks.on_remark) {
    callbacks.on_remark(
        fmt::format("learns with {}: mean validation losses are {}.", best->name, told));
  }
  return with_keys(options, *best);
}

std::optional<RunOptions> raced(const Table& table, const RunOptions& options,
                                const KnownRows& known, const Split& split,
                                const TrainCallbacks& callbacks) {
  if (!wants_race(options, split)) return options;
  const int64_t rounds = rounds_of_race(std::ssize(split.validation));
  const std::vector<Split> splits = splits_of_rounds(table, options, known, split, rounds);
  const TrainCallbacks quiet{.should_stop = callbacks.should_stop};
  bool is_stopped = false;
  const auto loss_of = [&](const RunOptions& how, int64_t round) -> std::optional<double> {
    try {
      Prepared prepared = prepare(table, how, known, splits[round], nullptr);
      const TrainResult result = TrainingRun(std::move(prepared), how, quiet).run();
      is_stopped = result.interrupted;
      if (is_stopped) return std::nullopt;
      return result.metrics.at("validation").at("loss");
    } catch (const Error& error) {
      if (error.code() != ErrorCode::numeric) throw;
      return std::numeric_limits<double>::infinity();
    }
  };
  RunOptions winner = winner_of_race(options, known.target.task(), rounds, loss_of, callbacks);
  return is_stopped ? std::nullopt : std::optional(std::move(winner));
}

}  // namespace sinapse
