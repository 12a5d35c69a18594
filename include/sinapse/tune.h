// Search for the keys of a run that give the best model: random, TPE, successive halving.
#pragma once

#include <sinapse/train.h>

namespace sinapse {

/// What one key of the run file may be.
struct SearchRange {
  std::string key;                   ///< "training.learning_rate"
  std::vector<std::string> choices;  ///< one of these, as on the command line: "[128,64]"; or, if
                                     ///< empty, a number from low to high:
  double low = 0, high = 0;
  bool log = false;    ///< equally likely in every decade; low must be above 0
  bool whole = false;  ///< whole numbers only, both ends included
};
using SearchSpace = std::vector<SearchRange>;

struct TuneOptions {
  /// random; tpe: after 10 random trials each parameter is drawn where good trials are dense and
  /// others rare (tree-structured Parzen estimator; Bergstra, Bardenet, Bengio, Kégl 2011);
  /// halving: random trials of few epochs, of which the best third goes on to three times as many,
  /// up to training.epochs (successive halving; Jamieson, Talwalkar 2016).
  std::string method = "tpe";
  int64_t trials = 20;  ///< of halving: those of the first round
  std::string metric;   ///< of the validation rows; empty: log_loss for classes, rmse for numbers
                        ///< (of several targets the mean over all)
  int64_t folds = 0;    ///< if above 0, the mean over that many folds of cross-validation instead
  uint64_t seed = 1;    ///< of the search
};

/// One training with some values.
struct Trial {
  int64_t number = 0;                         ///< from 1
  std::map<std::string, std::string> values;  ///< by key, as on the command line
  int64_t epochs = 0;                         ///< of its round of halving; 0: as the run says
  std::optional<double> score;                ///< the metric; none if training failed
  std::string failure;                        ///< why
  std::map<std::string, double> targets;      ///< the metric of each of several; empty for one

  bool operator==(const Trial&) const = default;
};

struct TuneResult {
  std::vector<Trial> trials;
  int64_t best = 0;     ///< its index; among those of most epochs
  RunOptions options;   ///< of the best trial
  TrainResult trained;  ///< with these
};

/// Trains with values from the space and at last once more with the best. A trial follows from the
/// options, the space and the trials before it, so that a search can be gone on with: `done` are
/// its first trials. The seed of each training is that of `options`. Throws as train() does except
/// that a loss that is not finite only fails the trial; Error(usage) for a space or options that
/// make no sense, or if `done` are trials of another search; Error(data) if all trials fail;
/// Error(interrupted) if callbacks.should_stop ends a training.
TuneResult tune(const Table& table, const RunOptions& options, const SearchSpace& space,
                const TuneOptions& tuning, std::vector<Trial> done = {},
                const std::function<void(const Trial&)>& on_trial = {},
                const TrainCallbacks& callbacks = {});

/// How many trials there will be.
int64_t planned_trials(const TuneOptions& tuning, const RunOptions& options);

/// Adds to a space from a text: `learning_rate: ...` lines as in a space file,
///
///     training.learning_rate: {low: 1e-4, high: 1e-1, log: true}
///     network.hidden: {choices: [[64], [128, 64]]}
///
/// where a key that stands there already is replaced. Throws Error(usage) naming source and line.
void merge_space(SearchSpace& space, const std::string& yaml, const std::string& source);

/// The same for one key as on the command line: "training.batch_size=16..256",
/// "training.learning_rate=1e-4..1e-1:log" or "network.activation=relu|gelu".
void merge_space_argument(SearchSpace& space, const std::string& argument);

}  // namespace sinapse
