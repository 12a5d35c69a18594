// From a data set to a model: the main job, step by step.
#include <fmt/format.h>

#include <sinapse/error.h>
#include <sinapse/image_set.h>
#include <sinapse/optimizer.h>
#include <sinapse/train.h>

#include "train/checkpoints.h"
#include "train/final_fit.h"
#include "train/fine_tune.h"
#include "train/learning_rate_range.h"
#include "train/race.h"
#include "train/train_sequences.h"
#include "train/train_series.h"
#include "train/train_split.h"
#include "train/training_run.h"

namespace sinapse {

namespace {

void require_one_test_set(const RunOptions& options, bool given) {
  if (!given || options.data.test_split == 0) return;
  throw Error(ErrorCode::usage,
              "There are two test sets: one was given, and data.test_split asks for another.");
}

void require_whole_sequences(const TrainingOptions& training) {
  if (!training.stateful) return;
  throw Error(ErrorCode::usage,
              "data.sequence_by makes whole sequences of the rows, which begin anew: leave out "
              "training.stateful, or name their column as data.group.");
}

// Rows that go on from one another stay together, unless a column divides them.
RunOptions in_order(RunOptions options) {
  if (!options.training.stateful) return options;
  const std::string& optimizer = options.training.optimizer;
  if (optimizer != "auto" && parse_optimizer(optimizer).definition->full_batch) {
    throw Error(ErrorCode::usage,
                fmt::format("training.stateful goes through the rows batch by batch, but {} takes "
                            "all rows at once. Choose another optimizer.",
                            optimizer));
  }
  DataOptions& data = options.data;
  const bool has_column =
      !data.split.empty() || !data.group.empty() || !data.time.empty() || !data.id.empty();
  if (data.split_by == "auto" && !has_column) data.split_by = "order";
  return options;
}

// Whoever stops a run during the race gets a model of the usual network. Its checkpoints would fix
// that choice, so none are written: resumed, the race is run again, and to its end.
RunOptions usual_for_one_step(RunOptions options) {
  options.checkpoint.folder.clear();
  options.checkpoint.resume.clear();
  return options;
}

TrainCallbacks stopping(TrainCallbacks callbacks) {
  callbacks.should_stop = [] { return true; };
  return callbacks;
}

RunOptions with_model(const RunOptions& options) {
  const std::optional<Model> model = starting_model(options.network);
  return model ? continued(options, *model) : options;
}

}  // namespace

TrainResult train_on_split(const Table& table, const RunOptions& options, const KnownRows& known,
                           Split split, const TrainCallbacks& callbacks, const Table* test) {
  const auto train_on = [&](Split& rows, const RunOptions& how, const TrainCallbacks& watching) {
    TrainingRun run(prepare(table, how, known, std::move(rows), test), how, watching);
    TrainResult result = run.run();
    rows = run.split();
    return result;
  };
  TrainResult result = train_on(split, options, callbacks);
  if (!wants_final_fit(result, split)) return result;
  return with_final_fit(std::move(result), std::move(split), callbacks, train_on);
}

TrainResult train(const Table& table, const RunOptions& given, const TrainCallbacks& callbacks,
                  const Table* test) {
  if (given.series.horizon > 0) return train_series(table, given, callbacks, test);
  require_one_test_set(given, test != nullptr);
  if (!given.data.sequence_by.empty()) {
    require_whole_sequences(given.training);
    return train_sequences(table, given, callbacks, test);
  }
  const RunOptions options = in_order(with_model(given));
  KnownRows known = known_rows(table, options);
  Split split = split_rows(table, known, known.rows, options);
  const std::optional<RunOptions> chosen = raced(table, options, known, split, callbacks);
  known = {.rows = {}, .target = std::move(known.target)};  // memory for training
  if (chosen) return train_on_split(table, *chosen, known, std::move(split), callbacks, test);
  save_unbegun(given, callbacks);
  return train_on_split(table, usual_for_one_step(options), known, std::move(split),
                        stopping(callbacks), test);
}

TrainResult train(const ImageFolder& images, const RunOptions& given,
                  const TrainCallbacks& callbacks) {
  const RunOptions options = in_order(given);
  require_one_test_set(options, images.test.has_value());
  return TrainingRun(prepare(images, options), options, callbacks).run();
}

LearningRateRange test_learning_rates(const Table& table, const RunOptions& options,
                                      const LearningRateRangeOptions& range,
                                      const TrainCallbacks& callbacks) {
  check(range);
  require_rows_alone(options, "the test of learning rates");
  const KnownRows known = known_rows(table, options);
  Split split = split_rows(table, known, known.rows, options);
  return TrainingRun(prepare(table, options, known, std::move(split), nullptr), options, callbacks)
      .test_learning_rates(range);
}

LearningRateRange test_learning_rates(const ImageFolder& images, const RunOptions& options,
                                      const LearningRateRangeOptions& range,
                                      const TrainCallbacks& callbacks) {
  check(range);
  return TrainingRun(prepare(images, options), options, callbacks).test_learning_rates(range);
}

}  // namespace sinapse
