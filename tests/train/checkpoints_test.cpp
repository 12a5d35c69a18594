// A run that is stopped and resumed ends with the same bits as one that was never stopped.
#include "train/checkpoints.h"

#include <cmath>
#include <filesystem>
#include <fstream>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <sinapse/error.h>
#include <sinapse/image_set.h>

#include "data/expect_error.h"
#include "data/temporary_folder.h"

namespace sinapse {

namespace {

namespace fs = std::filesystem;

Column numbers(const std::string& name, int64_t rows, double (*f)(int64_t)) {
  Column column{.name = name, .kind = ColumnKind::number};
  for (int64_t r = 0; r < rows; ++r) column.numbers.push_back(f(r));
  return column;
}

Table curve(
    int64_t rows = 120, double (*y)(int64_t) = [](int64_t r) {
      return std::sin(2 * std::sin(0.7 * static_cast<double>(r))) +
             0.1 * static_cast<double>(r % 7);
    }) {
  Column color{.name = "color", .kind = ColumnKind::category, .categories = {"red", "green"}};
  for (int64_t r = 0; r < rows; ++r) color.codes.push_back(static_cast<int32_t>(r % 2));
  return Table(
      {numbers("x", rows, [](int64_t r) { return std::sin(0.7 * static_cast<double>(r)); }),
       numbers("z", rows, [](int64_t r) { return std::cos(1.3 * static_cast<double>(r)); }), color,
       numbers("y", rows, y)});
}

RunOptions options(const std::string& folder) {
  RunOptions options;
  options.data.target = "y";
  options.data.validation_split = 0.3;
  options.network.hidden = {16};
  options.training.epochs = 8;
  options.training.batch_size = 16;
  options.training.threads = 1;
  options.checkpoint.folder = folder;
  return options;
}

ImageFolder pictures() {
  ImageFolder images;
  images.train.inputs = {.type = ElementType::uint8, .shape = {60, 6, 6}};
  for (int64_t i = 0; i < 60 * 36; ++i) {
    images.train.inputs.bytes.push_back(static_cast<std::byte>(i * i % 251));
  }
  images.train.classes = {"a", "b", "c"};
  for (int32_t i = 0; i < 60; ++i) images.train.labels.push_back(i * 7 % 3);
  return images;
}

void expect_same(const TrainResult& resumed, const TrainResult& whole, const std::string& what) {
  EXPECT_EQ(resumed.weights_sha256, whole.weights_sha256) << what;
  EXPECT_EQ(resumed.best_epoch, whole.best_epoch) << what;
  EXPECT_EQ(resumed.metrics, whole.metrics) << what;
  ASSERT_EQ(resumed.history.size(), whole.history.size()) << what;
  for (size_t i = 0; i < whole.history.size(); ++i) {
    const EpochRecord &a = resumed.history[i], &b = whole.history[i];
    EXPECT_EQ(a.epoch, b.epoch) << what;
    EXPECT_EQ(a.loss, b.loss) << what;
    EXPECT_EQ(a.validation, b.validation) << what;
    EXPECT_EQ(a.learning_rate, b.learning_rate) << what;
    EXPECT_EQ(a.best, b.best) << what;
  }
}

TrainCallbacks stopping_after(int& steps) {
  return {.should_stop = [&steps] { return --steps == 0; }};
}

// Stops the run after some steps, again and again, until it ends; another number of threads each
// time.
template <class Data>
TrainResult in_pieces(const Data& data, RunOptions run, int steps_of_piece) {
  constexpr int kThreads[] = {1, 2, 3, 8};
  for (int piece = 0; piece < 1000; ++piece) {
    int steps = steps_of_piece;
    run.training.threads = kThreads[piece % 4];
    TrainResult result = train(data, run, stopping_after(steps));
    if (!result.interrupted) return result;
    run.checkpoint.resume = run.checkpoint.folder;
  }
  ADD_FAILURE() << "the run does not come to an end";
  return {};
}

template <class Data>
void expect_resumable(const Data& data, const RunOptions& run, const std::string& what,
                      int steps_of_piece = 5) {
  expect_same(in_pieces(data, run, steps_of_piece), train(data, run), what);
}

TEST(Checkpoints, ResumedRunsHaveTheSameBits) {
  const TemporaryFolder folder;
  const std::vector<std::pair<const char*, std::function<void(RunOptions&)>>> cases{
      {"plain", [](RunOptions&) {}},
      {"reference", [](RunOptions& run) { run.training.reference = true; }},
      {"gathered gradients", [](RunOptions& run) { run.training.accumulate = 3; }},
      {"ema", [](RunOptions& run) { run.training.ema_decay = 0.9; }},
      {"swa", [](RunOptions& run) { run.training.swa_start = 4; }},
      {"plateau",
       [](RunOptions& run) {
         run.training.schedule = "reduce_on_plateau(factor=0.5,patience=1,threshold=0.5)";
       }},
      {"one cycle", [](RunOptions& run) { run.training.schedule = "one_cycle(warmup=0.1)"; }},
      {"batch normalization and dropout",
       [](RunOptions& run) {
         run.network.batch_normalization = true;
         run.network.dropout = 0.3;
       }},
      {"scheduled dropout",
       [](RunOptions& run) {
         run.network.dropout = 0.3;
         run.training.dropout_schedule = "polynomial(power=2)";
       }},
      {"amsgrad, clipped",
       [](RunOptions& run) {
         run.training.optimizer = "amsgrad";
         run.training.clip_norm = 0.5;
       }},
      {"early stopping",
       [](RunOptions& run) {
         run.training.epochs = 40;
         run.training.patience = 2;
         run.training.learning_rate = 0.1;
       }},
      {"lbfgs",
       [](RunOptions& run) {
         run.training.optimizer = "lbfgs";
         run.training.batch_size = 0;
       }},
      {"levenberg marquardt",
       [](RunOptions& run) {
         run.training.optimizer = "levenberg_marquardt";
         run.training.batch_size = 0;
         run.network.hidden = {4};
       }},
      {"no validation", [](RunOptions& run) { run.data.validation_split = 0; }},
  };
  for (const auto& [name, change] : cases) {
    RunOptions run = options(folder.path(name));
    change(run);
    expect_resumable(curve(), run, name);
  }
}

// Weights of rows, and two targets of which one is missing now and then.
TEST(Checkpoints, ResumedFullBatchRunsWithWeightsAndMasksHaveTheSameBits) {
  std::vector<Column> columns = curve().columns();
  columns.push_back(numbers("t", 120, [](int64_t r) {
    return r % 5 == 1 ? NAN : std::cos(0.7 * static_cast<double>(r));
  }));
  columns.push_back(
      numbers("weight", 120, [](int64_t r) { return static_cast<double>(r % 4) / 2; }));
  const Table table(columns);
  const TemporaryFolder folder;
  for (const char* optimizer : {"lbfgs", "levenberg_marquardt"}) {
    RunOptions run = options(folder.path(optimizer));
    run.data.target = "y,t";
    run.data.weight = "weight";
    run.training.optimizer = optimizer;
    run.training.batch_size = 0;
    run.network.hidden = {4};
    expect_resumable(table, run, optimizer, 2);
  }
}

// What the race would have chosen is not known yet: it is run again.
TEST(Checkpoints, ARunStoppedInItsRaceBeginsAnew) {
  const TemporaryFolder folder;
  const Table table = curve(3000);
  RunOptions run;
  run.data.target = "y";
  run.training.threads = 1;
  const TrainResult whole = train(table, run);
  run.checkpoint.folder = folder.path("c");
  run.checkpoint.steps = 5;
  int steps = 3;
  EXPECT_TRUE(train(table, run, stopping_after(steps)).interrupted);
  const RunOptions saved = saved_run(run.checkpoint.folder)->options;
  EXPECT_TRUE(saved.network.hidden.empty() && saved.network.layers.empty()) << "nothing chosen";
  run.checkpoint.resume = run.checkpoint.folder;
  run.training.threads = 3;
  expect_same(train(table, run), whole, "stopped in the race");
}

TEST(Checkpoints, ResumingAfterEveryStepHasTheSameBits) {
  const TemporaryFolder folder;
  RunOptions run = options(folder.path("c"));
  run.training.epochs = 3;
  run.training.accumulate = 2;
  run.training.ema_decay = 0.9;
  expect_resumable(curve(), run, "every step", 1);
}

TEST(Checkpoints, ResumedRunsOnImagesHaveTheSameBits) {
  const TemporaryFolder folder;
  RunOptions run = options(folder.path("images"));
  run.data = {};
  expect_resumable(pictures(), run, "images");
}

// Twenty-one steps of which some are written; the newest is not always the last step.
TEST(Checkpoints, WhateverWasWrittenLastIsEnough) {
  const TemporaryFolder folder;
  RunOptions run = options(folder.path("all"));
  const TrainResult whole = train(curve(), run);
  run.checkpoint.steps = 1;
  run.checkpoint.keep = 1000;
  train(curve(), run);
  RunOptions again = options("");
  int64_t num_resumed = 0;
  for (const std::string& path : checkpoints_in(run.checkpoint.folder)) {
    again.checkpoint.resume = path;
    expect_same(train(curve(), again), whole, path);
    ++num_resumed;
  }
  EXPECT_EQ(num_resumed, 8 * 6) << "one for each step";
}

TEST(Checkpoints, KeepsTheNewestAndTheBest) {
  const TemporaryFolder folder;
  RunOptions run = options(folder.path("c"));
  run.checkpoint.epochs = 1;
  run.checkpoint.keep = 3;
  std::vector<std::string> written;
  const TrainResult result = train(
      curve(), run, {.on_checkpoint = [&](const std::string& path) { written.push_back(path); }});
  EXPECT_EQ(written.size(), 8u);
  const auto kept = checkpoints_in(run.checkpoint.folder);
  EXPECT_EQ(kept, (std::vector{written[7], written[6], written[5]}));
  const auto best = read_safetensors_metadata(folder.path("c/best.safetensors"));
  EXPECT_EQ(best.at("epoch"), fmt::format("{}", result.best_epoch + 1));
  EXPECT_EQ(std::distance(fs::directory_iterator(folder.path("c")), {}), 4);
}

TEST(Checkpoints, ShortRunsWriteNone) {
  const TemporaryFolder folder;
  train(curve(), options(folder.path("c")));
  EXPECT_FALSE(fs::exists(folder.path("c")));
}

TEST(Checkpoints, AFinishedRunGoesOnWithMoreEpochs) {
  const TemporaryFolder folder;
  RunOptions run = options(folder.path("c"));
  run.training.schedule = "constant";
  run.training.early_stopping = false;
  run.checkpoint.epochs = 4;
  train(curve(), run);
  run.training.epochs = 12;
  run.checkpoint.resume = run.checkpoint.folder;
  const TrainResult longer = train(curve(), run);
  RunOptions whole = options("");
  whole.training = run.training;
  expect_same(longer, train(curve(), whole), "12 epochs");
}

TEST(Checkpoints, TimeLimitEndsARunThatGoesOnLater) {
  const TemporaryFolder folder;
  RunOptions run = options(folder.path("c"));
  const TrainResult whole = train(curve(), run);
  run.training.time_limit = std::chrono::nanoseconds(1);
  const TrainResult first = train(curve(), run);
  EXPECT_TRUE(first.out_of_time);
  EXPECT_FALSE(first.interrupted);
  EXPECT_EQ(first.epochs, 1);
  run.training.time_limit = Seconds(0);
  run.checkpoint.resume = run.checkpoint.folder;
  expect_same(train(curve(), run), whole, "after a limit of time");
}

TEST(Checkpoints, ADamagedOneIsPassedOver) {
  const TemporaryFolder folder;
  RunOptions run = options(folder.path("c"));
  run.checkpoint.epochs = 3;
  const TrainResult whole = train(curve(), run);
  const std::string newest = checkpoints_in(run.checkpoint.folder).front();
  fs::resize_file(newest, fs::file_size(newest) - 1);
  run.checkpoint.resume = run.checkpoint.folder;
  std::string remarks;
  const TrainResult resumed =
      train(curve(), run, {.on_remark = [&](const std::string& remark) { remarks += remark; }});
  EXPECT_NE(remarks.find(newest + ": this is no safetensors file, or it is damaged"),
            std::string::npos)
      << remarks;
  expect_same(resumed, whole, "from the one before");
}

TEST(Checkpoints, AnEarlierRunsAreSetAside) {
  const TemporaryFolder folder;
  RunOptions run = options(folder.path("c"));
  run.checkpoint.epochs = 8;
  train(curve(), run);
  run.training.seed = 2;
  std::string remarks;
  train(curve(), run, {.on_remark = [&](const std::string& remark) { remarks += remark; }});
  EXPECT_NE(remarks.find(folder.path("c.old")), std::string::npos) << remarks;
  EXPECT_EQ(saved_run(folder.path("c.old"))->options.training.seed, 1u);
  EXPECT_EQ(saved_run(folder.path("c"))->options.training.seed, 2u);
}

TEST(Checkpoints, RefusesOtherOptionsAndOtherData) {
  const TemporaryFolder folder;
  RunOptions run = options(folder.path("c"));
  run.checkpoint.epochs = 8;
  train(curve(), run);
  run.checkpoint.resume = run.checkpoint.folder;
  RunOptions other = run;
  other.training.seed = 2;
  other.training.threads = 2;  // may differ
  EXPECT_NE(message_of(ErrorCode::usage, [&] { train(curve(), other); })
                .find("the run was begun with training.seed: 1, but is to go on with 2."),
            std::string::npos);
  EXPECT_NE(message_of(ErrorCode::data, [&] { train(curve(119), run); })
                .find("it had 120 rows, 84 for training and 36 for validation; now there are 119"),
            std::string::npos);
  const auto same_but_one = [](int64_t r) {
    return std::sin(2 * std::sin(0.7 * static_cast<double>(r))) + 0.1 * static_cast<double>(r % 7) +
           (r == 50 ? 0.1 : 0);
  };
  EXPECT_NE(message_of(ErrorCode::data, [&] { train(curve(120, same_but_one), run); })
                .find("the number of rows is the same, but not their contents"),
            std::string::npos);
}

TEST(Checkpoints, RefusesAnEmptyFolderAndForeignFiles) {
  const TemporaryFolder folder;
  RunOptions run = options("");
  run.checkpoint.resume = folder.path("none");
  EXPECT_EQ(message_of(ErrorCode::file, [&] { train(curve(), run); }),
            folder.path("none") + ": there is no checkpoint to go on from.");
  run.checkpoint.resume = folder.path("foreign.safetensors");
  write_safetensors(run.checkpoint.resume, {.tensors = {{"a", {1}, {1}}}});
  EXPECT_EQ(message_of(ErrorCode::file, [&] { train(curve(), run); }),
            run.checkpoint.resume + ": this is no checkpoint of a training run.");
}

// Every text and every tensor of a checkpoint spoilt in turn: an Error, never anything else.
TEST(Checkpoints, RefusesSpoiltContents) {
  const TemporaryFolder folder;
  RunOptions run = options(folder.path("c"));
  run.checkpoint.steps = 20;
  train(curve(), run);
  const Safetensors whole = read_safetensors(checkpoints_in(run.checkpoint.folder).front());
  RunOptions again = options("");
  again.checkpoint.resume = folder.path("spoilt.safetensors");
  const auto expect_refused = [&](const Safetensors& spoilt, const std::string& what) {
    write_safetensors(again.checkpoint.resume, spoilt);
    EXPECT_THROW(train(curve(), again), Error) << what;
  };
  for (const auto& [key, value] : whole.metadata) {
    if (key == "program") continue;
    for (const char* wrong : {"", "-1", "x", "[{}]", "1e999"}) {
      Safetensors spoilt = whole;
      spoilt.metadata[key] = wrong;
      if ((key == "history" || key == "run") && std::string(wrong).empty()) continue;
      // Any finite number may be a loss, a time, or a factor.
      const bool is_number = value.find_first_not_of("0123456789.e-inf+") == std::string::npos;
      const bool is_real =
          key.find("loss") != std::string::npos || key == "seconds" || key.starts_with("schedule");
      if (is_number && is_real && std::string(wrong) == "-1") continue;
      expect_refused(spoilt, key + " = " + wrong);
    }
    Safetensors spoilt = whole;
    spoilt.metadata.erase(key);
    expect_refused(spoilt, "without " + key);
  }
  for (size_t i = 0; i < whole.tensors.size(); ++i) {
    Safetensors spoilt = whole;
    spoilt.tensors[i].name += "x";
    expect_refused(spoilt, whole.tensors[i].name);
    spoilt = whole;
    spoilt.tensors[i].shape.push_back(1);
    expect_refused(spoilt, whole.tensors[i].name);
  }
}

}  // namespace

}  // namespace sinapse
