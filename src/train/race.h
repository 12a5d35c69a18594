// The race: a small table of which nothing is said but the target is learned in a few ways, and
// rows kept back choose the one that the model is learned by.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string_view>

#include "train/split_rows.h"

namespace sinapse {

/// One way to learn.
struct Entrant {
  std::string_view name;
  std::string_view keys;  ///< as they stand in a run file
};

/// The ways for a task, the usual one first.
std::span<const Entrant> entrants(Task task);

/// Whether the network, its activations, the optimizer and the epochs are all left to the data, and
/// the rows are few enough to learn from them several times but enough to tell ways apart.
bool wants_race(const RunOptions& options, const Split& split);

/// In how many rounds each entrant learns from some rows, every time with another tenth of them
/// kept back: in more where these are few.
int64_t rounds_of_race(int64_t rows);

/// Trains by some options in a round, and gives the validation loss; nothing if it was stopped.
using Racing = std::function<std::optional<double>(const RunOptions&, int64_t round)>;

/// The options with the keys of the entrant with the smallest mean loss of all rounds, of equals the
/// earlier. Entrants learn as the model will in the end, without early stopping; those far behind
/// after some rounds drop out. The options stay as they are if one is stopped or half of the time
/// limit, if there is one, is over.
RunOptions winner_of_race(const RunOptions& options, Task task, int64_t rounds,
                          const Racing& loss_of, const TrainCallbacks& callbacks);

/// The same by trainings on the rows of a split for training and validation, if the options want a
/// race; no file is written. An entrant whose loss is not finite drops out. Nothing if the
/// callbacks stopped it before its end.
std::optional<RunOptions> raced(const Table& table, const RunOptions& options,
                                const KnownRows& known, const Split& split,
                                const TrainCallbacks& callbacks);

}  // namespace sinapse
