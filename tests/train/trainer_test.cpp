// A training loop of one's own.
#include <cmath>

#include <gtest/gtest.h>

#include <sinapse/trainer.h>

#include "network/expect_words.h"

namespace sinapse {

namespace {

constexpr int kRows = 50;

std::vector<float> waves(int count, float frequency) {
  std::vector<float> numbers;
  for (int i = 0; i < count; ++i) numbers.push_back(std::sin(frequency * static_cast<float>(i)));
  return numbers;
}

const std::vector<float> kInputs = waves(kRows * 3, 1.7f);  // [rows, 3]

// [rows, 2]: two curves of the inputs
const std::vector<float> kTargets = [] {
  std::vector<float> targets;
  for (int r = 0; r < kRows; ++r) {
    const float* x = kInputs.data() + 3 * r;
    targets.insert(targets.end(), {x[0] * x[1], std::cos(2 * x[2])});
  }
  return targets;
}();

Trainer trainer(const TrainerOptions& options = {}) {
  return Trainer(dense_network({8}, "tanh", 2), {3}, options);
}

TEST(Trainer, LearnsSeveralOutputs) {
  Trainer loop = trainer({.learning_rate = 0.02});
  const double first = loop.step(kInputs, kTargets);
  for (int i = 0; i < 3000; ++i) loop.step(kInputs, kTargets);
  EXPECT_EQ(loop.steps(), 3001);
  const std::vector<float> outputs = loop.predict(kInputs);
  double error = 0;
  for (size_t i = 0; i < outputs.size(); ++i) error += std::pow(outputs[i] - kTargets[i], 2);
  EXPECT_LT(error / static_cast<double>(outputs.size()), 0.1 * first);
}

TEST(Trainer, TheLossIsThatBeforeTheStep) {
  Trainer loop = trainer();
  const std::vector<float> outputs = loop.predict(kInputs);
  double error = 0;
  for (size_t i = 0; i < outputs.size(); ++i) error += std::pow(outputs[i] - kTargets[i], 2);
  EXPECT_NEAR(loop.step(kInputs, kTargets), error / static_cast<double>(outputs.size()), 1e-6);
}

TEST(Trainer, SameBitsOnAnyNumberOfThreads) {
  Trainer one = trainer({.threads = 1}), three = trainer({.threads = 3});
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(one.step(kInputs, kTargets), three.step(kInputs, kTargets));
  }
  EXPECT_EQ(one.weights(), three.weights());
}

TEST(Trainer, ARateOfZeroLeavesTheWeights) {
  Trainer loop = trainer({.optimizer = "sgd"});
  EXPECT_EQ(loop.learning_rate(), 0.01);
  const auto before = loop.weights();
  loop.set_learning_rate(0);
  loop.step(kInputs, kTargets);
  EXPECT_EQ(loop.weights(), before);
}

TEST(Trainer, WeightsAreCarriedOver) {
  Trainer from = trainer(), to = trainer({.seed = 2});
  EXPECT_NE(from.predict(kInputs), to.predict(kInputs));
  to.set_weights(from.weights());
  EXPECT_EQ(from.predict(kInputs), to.predict(kInputs));
  EXPECT_EQ(from.step(kInputs, kTargets), to.step(kInputs, kTargets));
}

TEST(Trainer, TheModelPredictsWhatTheTrainerPredicts) {
  Trainer loop(dense_network({8}, "relu", 3), {3}, {.loss = "crossentropy"});
  EXPECT_EQ(loop.model({"a", "b", "c"}).num_parameters(), 8 * 4 + 3 * 9);
  Trainer numbers(dense_network({8}, "relu", 1), {3});
  Array rows{.type = ElementType::float32, .shape = {kRows, 3}};
  const auto* bytes = reinterpret_cast<const std::byte*>(kInputs.data());
  rows.bytes.assign(bytes, bytes + kInputs.size() * sizeof(float));
  EXPECT_EQ(numbers.model().predict(rows).values, numbers.predict(kInputs));
}

// Two pieces of every sequence, one after the other, end as the whole does.
TEST(Trainer, StatesGoOnFromBatchToBatchUntilTheyAreReset) {
  constexpr int kSequences = 6, kTime = 8;
  const auto loop_of = [](int64_t time, bool stateful) {
    Trainer loop({{{"lstm", "", {}, {{"units", int64_t{5}}, {"stateful", stateful}}},
                   {"dense", "", {}, {{"units", int64_t{1}}}}}},
                 {time, 1}, {.optimizer = "sgd", .stateful = stateful});
    loop.set_learning_rate(0);
    return loop;
  };
  const std::vector<float> all = waves(kSequences * kTime, 0.9f);
  const std::vector<float> targets = waves(kSequences, 2.1f);
  std::vector<float> pieces[2];
  for (int i = 0; i < kSequences * kTime; ++i) pieces[i % kTime >= kTime / 2].push_back(all[i]);
  Trainer whole = loop_of(kTime, false), halves = loop_of(kTime / 2, true);
  const double expected = whole.step(all, targets);
  const double alone = halves.step(pieces[1], targets);
  halves.reset_states();
  halves.step(pieces[0], targets);
  EXPECT_NEAR(halves.step(pieces[1], targets), expected, 1e-6);
  EXPECT_GT(std::abs(alone - expected), 1e-4);
  halves.reset_states();
  EXPECT_EQ(halves.step(pieces[1], targets), alone);
  expect_error(ErrorCode::usage, {"stateful"},
               [] { Trainer(dense_network({8}, "tanh", 2), {3}, {.stateful = true}); });
}

TEST(Trainer, ExplainsMistakes) {
  const auto fails = [](std::initializer_list<std::string_view> words, auto action) {
    expect_error(ErrorCode::usage, words, action);
  };
  fails({"rows of 3", "4 numbers"}, [] { trainer().step(waves(4, 1), kTargets); });
  fails({"50 x 2", "7"}, [] { trainer().step(kInputs, waves(7, 1)); });
  fails({"50 rows", "max_batch is 10"}, [] { trainer({.max_batch = 10}).step(kInputs, kTargets); });
  fails({"lbfgs", "all rows"}, [] { trainer({.optimizer = "lbfgs"}); });
  fails({"2 outputs"}, [] { trainer().model(); });
  fails({"learning rate"}, [] { trainer().set_learning_rate(NAN); });
}

}  // namespace

}  // namespace sinapse
