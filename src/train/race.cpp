#include "train/race.h"

#include <algorithm>
#include <chrono>
#include <limits>
#include <set>

#include <fmt/format.h>

#include <sinapse/error.h>

#include "train/prepared.h"
#include "train/run_file.h"
#include "train/table_folds.h"
#include "train/text_order.h"
#include "train/training_run.h"

namespace sinapse {

namespace {

constexpr int64_t kLeastRows = 300, kMostRows = 5000;
constexpr size_t kLeastValidationRows = 10;
// Each round keeps one part back, until there were enough rows to judge by.
constexpr int64_t kParts = 10, kEnoughRows = 300;
// Whose loss is so many times the smallest one after a few rounds does not catch up.
constexpr double kFarBehind = 1.3;
constexpr int64_t kRoundsToCatchUp = 3;
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
    {"the preset realmlp", "preset: realmlp"},
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

// As the model learns from all rows in the end: to the last epoch, whatever rows kept back say.
RunOptions as_in_the_end(RunOptions options) {
  options.training.final_fit = "none";
  options.training.early_stopping = false;
  options.training.restore_best_weights = false;
  options.checkpoint = {};
  return options;
}

bool can_be_parted(const Table& table, const KnownRows& known, const Rows& rows,
                   const DataOptions& data) {
  const std::string way = chosen_split(data, known.has_classes());
  if (way != "group") return way == "random" || way == "stratified";
  std::set<int32_t> groups;
  groups_of(table, data.group, rows).visit([&](int64_t, int32_t group) { groups.insert(group); });
  return std::ssize(groups) >= kParts;
}

// One for each round. Rows that cannot be parted otherwise stay as they were split.
std::vector<Split> splits_of_rounds(const Table& table, const RunOptions& options,
                                    const KnownRows& known, const Split& split) {
  const Rows rows = merged(split.train, split.validation);
  if (!can_be_parted(table, known, rows, options.data)) {
    return {{.train = split.train, .validation = split.validation}};
  }
  const Folds parts = folds_of(table, known, rows, options, kParts);
  std::vector<Split> splits;
  for (int64_t round = 0; round < rounds_of_race(static_cast<int64_t>(rows.size())); ++round) {
    splits.push_back({.train = rows_outside(parts, round), .validation = parts[round]});
  }
  return splits;
}

struct Runner {
  const Entrant* entrant;
  double sum = 0;
  int64_t rounds = 0;
  bool is_out = false;

  double mean() const { return sum / static_cast<double>(rounds); }
};

void drop_those_far_behind(std::vector<Runner>& runners) {
  double least = std::numeric_limits<double>::infinity();
  for (const Runner& runner : runners) least = std::min(least, runner.mean());
  for (Runner& runner : runners) runner.is_out |= !(runner.mean() <= kFarBehind * least);
}

const Runner& best_of(const std::vector<Runner>& runners) {
  const Runner* best = nullptr;
  for (const Runner& runner : runners) {
    if (runner.is_out || runner.rounds == 0) continue;
    if (best == nullptr || runner.mean() < best->mean()) best = &runner;
  }
  return best == nullptr ? runners.front() : *best;
}

std::string told(const std::vector<Runner>& runners) {
  std::string text;
  for (const Runner& runner : runners) {
    if (runner.rounds == 0) continue;
    text +=
        fmt::format("{}{} {:.4g}", text.empty() ? "" : "; ", runner.entrant->name, runner.mean());
    if (runner.is_out) text += fmt::format(" after {} of the rounds", runner.rounds);
  }
  return text;
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
                                training.schedule == "auto" && !training.stateful;
  const bool are_features_open = options.features.scale == FeatureDeclarations{}.scale;
  const bool are_rows_alike = options.data.split.empty() && options.data.time.empty();
  const auto training_rows = static_cast<int64_t>(split.train.size());
  return is_network_open && is_training_open && are_features_open && are_rows_alike &&
         training_rows >= kLeastRows && training_rows <= kMostRows &&
         split.validation.size() >= kLeastValidationRows;
}

int64_t rounds_of_race(int64_t rows) {
  const int64_t in_part = std::max<int64_t>(rows / kParts, 1);
  return std::clamp<int64_t>((kEnoughRows + in_part - 1) / in_part, 1, kParts);
}

RunOptions winner_of_race(const RunOptions& options, Task task, int64_t rounds,
                          const Racing& loss_of, const TrainCallbacks& callbacks) {
  const auto start = std::chrono::steady_clock::now();
  const Seconds limit = options.training.time_limit;
  std::vector<Runner> runners;
  for (const Entrant& entrant : entrants(task)) runners.push_back({&entrant});
  if (runners.empty()) return options;
  if (callbacks.on_remark) {
    callbacks.on_remark(fmt::format("tries {} ways to learn so few rows, in up to {} rounds.",
                                    runners.size(), rounds));
  }
  const auto is_solved = [&] {
    return is_classification(task) && runners.front().mean() < kSolved;
  };
  for (int64_t round = 0; round < rounds; ++round) {
    for (Runner& runner : runners) {
      if (runner.is_out) continue;
      const auto loss = loss_of(as_in_the_end(with_keys(options, *runner.entrant)), round);
      const bool is_late =
          limit.count() > 0 && std::chrono::steady_clock::now() - start > limit / 2;
      if (!loss || is_late) return options;
      runner.sum += *loss;
      ++runner.rounds;
      if (is_solved()) break;
    }
    if (is_solved()) break;
    if (round + 1 >= kRoundsToCatchUp) drop_those_far_behind(runners);
  }
  const Runner& best = is_solved() ? runners.front() : best_of(runners);
  if (callbacks.on_remark) {
    callbacks.on_remark(fmt::format("learns with {}: mean validation losses are {}.",
                                    best.entrant->name, told(runners)));
  }
  return with_keys(options, *best.entrant);
}

std::optional<RunOptions> raced(const Table& table, const RunOptions& options,
                                const KnownRows& known, const Split& split,
                                const TrainCallbacks& callbacks) {
  if (!wants_race(options, split)) return options;
  const std::vector<Split> splits = splits_of_rounds(table, options, known, split);
  const TrainCallbacks quiet{.should_stop = callbacks.should_stop};
  bool is_stopped = false;
  const auto loss_of = [&](RunOptions how, int64_t round) -> std::optional<double> {
    how.training.seed += static_cast<uint64_t>(round);
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
  RunOptions winner =
      winner_of_race(options, known.target.task(), std::ssize(splits), loss_of, callbacks);
  return is_stopped ? std::nullopt : std::optional(std::move(winner));
}

}  // namespace sinapse
