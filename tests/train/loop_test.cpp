// The training loop on tables in memory: stopping, restoring, splitting, failing.
#include "train/loop.h"

#include <cmath>

#include <gtest/gtest.h>

#include <sinapse/error.h>

namespace sinapse {

namespace {

Column numbers(const std::string& name, int64_t rows, double (*f)(int64_t)) {
  Column column{.name = name, .kind = ColumnKind::number};
  for (int64_t r = 0; r < rows; ++r) column.numbers.push_back(f(r));
  return column;
}

// y is a curve of x, with noise that no network can learn.
Table noisy_curve(int64_t rows) {
  return Table({numbers("x", rows, [](int64_t r) { return std::sin(0.7 * r); }),
                numbers("z", rows, [](int64_t r) { return std::cos(1.3 * r); }),
                numbers("y", rows, [](int64_t r) {
                  return std::sin(2 * std::sin(0.7 * r)) + std::sin(91.7 * r * r);
                })});
}

RunOptions options(int64_t epochs) {
  RunOptions options;
  options.data.target = "y";
  options.data.validation_split = 0.3;
  options.network.hidden = {32};
  options.training.epochs = epochs;
  options.training.threads = 1;
  return options;
}

TEST(Loop, RestoresTheWeightsOfTheBestEpoch) {
  RunOptions run = options(60);
  run.training.optimizer = "adam";
  run.training.learning_rate = 0.02;
  run.training.early_stopping = false;
  const TrainResult result = train(noisy_curve(120), run);
  double best = INFINITY;
  for (const EpochRecord& epoch : result.history) {
    best = std::min(best, epoch.validation.at("loss"));
  }
  ASSERT_LT(result.best_epoch, result.epochs) << "the noise should have been learned by heart";
  EXPECT_DOUBLE_EQ(result.metrics.at("validation").at("loss"), best);
}

TEST(Loop, DropoutFollowsItsSchedule) {
  RunOptions run = options(10);
  run.training.early_stopping = false;
  const std::string none = train(noisy_curve(120), run).weights_sha256;
  run.network.dropout = 0.3;
  const std::string always = train(noisy_curve(120), run).weights_sha256;
  const auto scheduled = [&](const std::string& schedule) {
    run.training.dropout_schedule = schedule;
    return train(noisy_curve(120), run).weights_sha256;
  };
  EXPECT_EQ(scheduled("one_cycle(max_factor=1e-30)"), none);
  EXPECT_EQ(scheduled("one_cycle(max_factor=1e30)"), scheduled("constant"));  // at most its rate
  EXPECT_EQ(scheduled("constant"), always);
  EXPECT_NE(scheduled("flat_cosine"), always);
}

TEST(Loop, StopsWhenPatienceEnds) {
  RunOptions run = options(500);
  run.training.optimizer = "adam";
  run.training.learning_rate = 0.02;
  run.training.patience = 7;
  const TrainResult result = train(noisy_curve(120), run);
  EXPECT_EQ(result.epochs, result.best_epoch + 7);
}

TEST(Loop, StopsWhenAskedAndKeepsWhatWasLearned) {
  int steps = 0;
  const TrainResult result =
      train(noisy_curve(120), options(50), {.should_stop = [&] { return ++steps == 5; }});
  EXPECT_TRUE(result.interrupted);
  EXPECT_EQ(result.epochs, 1);
  EXPECT_EQ(result.model.predict(noisy_curve(10)).num_rows(), 10);
}

TEST(Loop, NamesStepLayerAndRowsWhenTheLossIsNotFinite) {
  RunOptions run = options(5);
  run.training.optimizer = "sgd";
  run.training.learning_rate = 1e30;
  try {
    train(noisy_curve(120), run);
    FAIL() << "the loss cannot have stayed finite";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::numeric);
    const std::string message = error.what();
    for (const char* word : {"epoch 1", "step", "layer \"", "row ", "learning rate"}) {
      EXPECT_NE(message.find(word), std::string::npos) << message;
    }
  }
}

TEST(Loop, ReferenceKernelsLearnTheSame) {
  RunOptions run = options(3);
  const TrainResult fast = train(noisy_curve(120), run);
  run.training.reference = true;
  const TrainResult reference = train(noisy_curve(120), run);
  EXPECT_NEAR(fast.history.back().loss, reference.history.back().loss, 1e-4);
}

TEST(Loop, TestRowsInfluenceNothing) {
  const Table test = noisy_curve(40);
  const TrainResult with = train(noisy_curve(120), options(3), {}, &test);
  const TrainResult without = train(noisy_curve(120), options(3));
  EXPECT_EQ(with.weights_sha256, without.weights_sha256);
  EXPECT_TRUE(with.metrics.contains("test"));
}

TEST(Loop, PlateauLowersTheRateAfterIdleEpochs) {
  RunOptions run = options(12);
  run.training.schedule = "reduce_on_plateau(factor=0.5,patience=1,threshold=0.9)";
  run.training.early_stopping = false;
  const TrainResult result = train(noisy_curve(120), run);
  const double base = result.resolved.training.learning_rate;
  EXPECT_EQ(result.history.front().learning_rate, base);
  EXPECT_LT(result.history.back().learning_rate, 0.6 * base);
}

}  // namespace

}  // namespace sinapse
