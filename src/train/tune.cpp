#include <cmath>
#include <limits>

#include <fmt/format.h>

#include <sinapse/cross_validation.h>
#include <sinapse/error.h>
#include <sinapse/tune.h>

#include "train/run_file.h"
#include "train/search.h"
#include "train/split_rows.h"

namespace sinapse {

namespace {

RunOptions with_values(const RunOptions& options, const Trial& trial) {
  RunDescription run{.options = options};
  for (const auto& [key, value] : trial.values) set_run_key(run, key, value, "the space");
  if (trial.epochs > 0) run.options.training.epochs = trial.epochs;
  return run.options;
}

// Every key exists, and takes what its range may give.
void check_keys(const SearchSpace& space, const RunOptions& options) {
  for (const SearchRange& range : space) {
    if (range.key == "data.path" || range.key == "data.test") {
      throw Error(ErrorCode::usage, fmt::format("{} cannot be searched for.", range.key));
    }
    const auto num_choices = static_cast<int64_t>(range.choices.size());
    for (int64_t i = 0; i < std::max<int64_t>(num_choices, 1); ++i) {
      with_values(options, {.values = {{range.key, value_text(range, static_cast<double>(i))}}});
    }
  }
}

void check(const TuneOptions& tuning, const RunOptions& options) {
  if (tuning.trials < 1 || tuning.trials > 1'000'000) {
    throw Error(ErrorCode::usage,
                fmt::format("trials must be between 1 and 1000000, but is {}.", tuning.trials));
  }
  if (tuning.folds < 0) {
    throw Error(ErrorCode::usage,
                fmt::format("folds must be at least 0, but is {}.", tuning.folds));
  }
  if (tuning.method == "halving" && options.training.epochs == 0) {
    throw Error(ErrorCode::usage,
                "halving needs training.epochs: how many epochs the last round has.");
  }
  if (tuning.folds == 0 && options.data.validation_split == 0 && options.data.split.empty()) {
    throw Error(ErrorCode::usage,
                "a search compares trials by validation rows: set data.validation_split or folds.");
  }
}

class Tuner {
 public:
  Tuner(const Table& table, const RunOptions& options, const SearchSpace& space,
        const TuneOptions& tuning, const TrainCallbacks& callbacks)
      : table_(table),
        options_(options),
        tuning_(tuning),
        callbacks_(callbacks),
        search_{space, tuning, options.training.epochs},
        metric_(chosen_metric()) {}

  TuneResult run(const std::vector<Trial>& done,
                 const std::function<void(const Trial&)>& on_trial) {
    for (int64_t i = 0; i < planned_trials(tuning_, options_); ++i) {
      const Proposal proposal = propose(search_, seen_);
      Trial trial = described(proposal, i + 1);
      const bool is_done = i < static_cast<int64_t>(done.size());
      if (is_done) {
        trial = recalled(trial, done[i]);
      } else {
        carry_out(trial);
      }
      seen_.push_back({proposal, loss_of(trial)});
      result_.trials.push_back(trial);
      if (!is_done && on_trial) on_trial(trial);
    }
    train_best();
    return std::move(result_);
  }

 private:
  const MetricDefinition& chosen_metric() const {
    const Task task = known_rows(table_, options_).target.task();
    const bool classes = is_classification(task) || task == Task::multilabel;
    if (tuning_.metric.empty()) return metric_named(classes ? "log_loss" : "rmse");
    const MetricDefinition& metric = metric_named(tuning_.metric);
    if (metric.of_classes == classes) return metric;
    throw Error(
        ErrorCode::usage,
        fmt::format("{} is a metric of {}, but the target is a {}.", metric.name,
                    metric.of_classes ? "classes" : "numbers", classes ? "class" : "number"));
  }

  Trial described(const Proposal& proposal, int64_t number) const {
    Trial trial{.number = number, .epochs = proposal.epochs};
    for (size_t d = 0; d < search_.space.size(); ++d) {
      trial.values[search_.space[d].key] = value_text(search_.space[d], proposal.point[d]);
    }
    return trial;
  }

  static Trial recalled(const Trial& expected, const Trial& done) {
    if (expected.values == done.values && expected.epochs == done.epochs) return done;
    throw Error(
        ErrorCode::usage,
        fmt::format("trial {} is of another search and cannot be gone on from.", expected.number));
  }

  void carry_out(Trial& trial) const {
    try {
      const Measured measured = measure(with_values(options_, trial));
      trial.score = score_in(measured.metrics);
      for (const auto& [target, metrics] : measured.targets) {
        if (const auto score = score_in(metrics)) trial.targets[target] = *score;
      }
      if (!trial.score) {
        trial.failure = fmt::format("{} is not defined for the validation rows.", metric_.name);
      }
    } catch (const Error& error) {
      if (error.code() != ErrorCode::numeric) throw;
      trial.failure = error.what();
    }
  }

  // Of all targets together, and of each if there are several.
  struct Measured {
    Metrics metrics;
    std::map<std::string, Metrics> targets;
  };

  std::optional<double> score_in(const Metrics& metrics) const {
    const auto found = metrics.find(std::string(metric_.name));
    if (found == metrics.end() || !std::isfinite(found->second)) return std::nullopt;
    return found->second;
  }

  static Metrics means_of(const MetricSummaries& summaries) {
    Metrics means;
    for (const auto& [name, summary] : summaries) means[name] = summary.mean;
    return means;
  }

  Measured measure(const RunOptions& options) const {
    Measured measured;
    if (tuning_.folds > 0) {
      const CrossValidation all =
          cross_validate(table_, options, {.folds = tuning_.folds}, {}, callbacks_);
      measured.metrics = means_of(all.metrics);
      for (const auto& [target, summaries] : all.targets) {
        measured.targets[target] = means_of(summaries);
      }
      return measured;
    }
    RunOptions once = options;  // only the validation rows count
    once.training.final_fit = "none";
    TrainResult result = train(table_, once, callbacks_);
    require_whole(result);
    for (const TargetEvaluation& target : result.targets["validation"]) {
      measured.targets[target.name] = target.metrics;
    }
    measured.metrics = std::move(result.metrics["validation"]);
    return measured;
  }

  static void require_whole(const TrainResult& result) {
    if (result.interrupted) throw Error(ErrorCode::interrupted, "the search was stopped.");
  }

  double loss_of(const Trial& trial) const {
    if (!trial.score) return std::numeric_limits<double>::infinity();
    return metric_.larger_is_better ? -*trial.score : *trial.score;
  }

  // Only trials of as many epochs can be compared.
  void train_best() {
    const int64_t most = seen_.back().proposal.epochs;
    for (const size_t i : from_best(seen_)) {
      if (seen_[i].proposal.epochs != most) continue;
      const Trial& best = result_.trials[i];
      if (!best.score) {
        throw Error(ErrorCode::data, fmt::format("all trials failed; the first: {}",
                                                 result_.trials.front().failure));
      }
      result_.best = static_cast<int64_t>(i);
      result_.options = with_values(options_, best);
      result_.trained = train(table_, result_.options, callbacks_);
      return require_whole(result_.trained);
    }
  }

  const Table& table_;
  const RunOptions& options_;
  const TuneOptions& tuning_;
  const TrainCallbacks& callbacks_;
  const Search search_;
  const MetricDefinition& metric_;
  std::vector<Observation> seen_;
  TuneResult result_;
};

}  // namespace

int64_t planned_trials(const TuneOptions& tuning, const RunOptions& options) {
  if (tuning.method != "halving") return tuning.trials;
  const SearchSpace none;
  int64_t trials = 0;
  for (const Round& round : rounds_of_halving({none, tuning, options.training.epochs})) {
    trials += round.trials;
  }
  return trials;
}

TuneResult tune(const Table& table, const RunOptions& options, const SearchSpace& space,
                const TuneOptions& tuning, std::vector<Trial> done,
                const std::function<void(const Trial&)>& on_trial,
                const TrainCallbacks& callbacks) {
  check_space(space);
  check(tuning, options);
  check_keys(space, options);
  return Tuner(table, options, space, tuning, callbacks).run(done, on_trial);
}

}  // namespace sinapse
