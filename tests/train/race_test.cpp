#include "train/race.h"

#include <cmath>
#include <functional>
#include <limits>

#include <gtest/gtest.h>

#include "data/table_reader.h"
#include "end_to_end/tables.h"

namespace sinapse {

namespace {

Split rows(int64_t training, int64_t validation) {
  return {.train = std::vector<int64_t>(training), .validation = std::vector<int64_t>(validation)};
}

TEST(Race, IsRunWhereNothingIsSaidAndRowsAreFew) {
  EXPECT_TRUE(wants_race({}, rows(400, 40)));
  EXPECT_FALSE(wants_race({}, rows(280, 40))) << "too few to tell ways apart";
  EXPECT_FALSE(wants_race({}, rows(6000, 600))) << "it would take long";
  const std::vector<std::function<void(RunOptions&)>> choices{
      [](RunOptions& run) { run.network.hidden = {8}; },
      [](RunOptions& run) { run.network.activation = "tanh"; },
      [](RunOptions& run) { run.network.preset = "small_cnn"; },
      [](RunOptions& run) { run.network.dropout = 0.1; },
      [](RunOptions& run) { run.training.epochs = 9; },
      [](RunOptions& run) { run.training.optimizer = "sgd"; },
      [](RunOptions& run) { run.training.learning_rate = 0.1; },
      [](RunOptions& run) { run.training.schedule = "constant"; },
      [](RunOptions& run) { run.features.scale = "minmax"; },
      [](RunOptions& run) { run.training.stateful = true; },
      [](RunOptions& run) { run.data.split = "part"; },
      [](RunOptions& run) { run.data.time = "day"; },
  };
  for (size_t i = 0; i < choices.size(); ++i) {
    RunOptions run;
    choices[i](run);
    EXPECT_FALSE(wants_race(run, rows(400, 40))) << i;
  }
}

TEST(Race, FewRowsAreJudgedInMoreRounds) {
  EXPECT_EQ(rounds_of_race(300), 10);
  EXPECT_EQ(rounds_of_race(400), 8);
  EXPECT_EQ(rounds_of_race(1500), 2);
  EXPECT_EQ(rounds_of_race(3000), 1);
  EXPECT_EQ(rounds_of_race(7000), 1);
}

// Which of the ways it is.
size_t place_of(const RunOptions& how) {
  if (how.network.layers.empty()) return how.network.hidden.empty() ? 0 : 4;
  return how.network.layers.size() == 3 ? 1 : how.training.schedule == "coslog" ? 3 : 2;
}

// losses[round] of the entrants, in their order; below 0: it was stopped.
RunOptions winner(const std::vector<std::vector<double>>& losses, Task task = Task::regression) {
  return winner_of_race({}, task, std::ssize(losses),
                        [&](const RunOptions& how, int64_t round) -> std::optional<double> {
                          const double loss = losses[round][place_of(how)];
                          return loss < 0 ? std::nullopt : std::optional(loss);
                        },
                        {});
}

bool is_usual(const RunOptions& options) {
  return options.network.hidden.empty() && options.network.layers.empty();
}

TEST(Race, TheSmallestMeanLossWins) {
  EXPECT_TRUE(is_usual(winner({{1, 2, 3, 4, 5}})));
  const RunOptions wide = winner({{5, 4, 3, 2, 1}});
  EXPECT_EQ(wide.network.hidden, (std::vector<int64_t>{128, 128}));
  EXPECT_EQ(wide.training.optimizer, "adamw(weight_decay=0.3)");
  EXPECT_EQ(wide.training.final_fit, "all") << "as if the optimizer had been left to the data";
  EXPECT_EQ(winner({{4, 2, 2, 2, 2}}).network.layers.size(), 3u) << "the earlier of equals";
  EXPECT_EQ(winner({{3, 1, 4, 4, 4}, {3, 2, 1, 4, 4}}).network.layers.size(), 3u);
  EXPECT_TRUE(is_usual(winner({{3, 1, 4, 4, 4}, {1, 4, 4, 4, 4}})));
}

TEST(Race, WhoIsFarBehindAfterThreeRoundsDropsOut) {
  std::vector<std::vector<double>> losses(3, {2, 2.7, 2.5, 9, 9});
  losses.resize(5, {2, 0, 0, 0, 0});
  EXPECT_EQ(winner(losses).network.layers.size(), 5u) << "2.5 is near enough to catch up";
  losses[0][2] = 3;
  EXPECT_TRUE(is_usual(winner(losses)));
}

TEST(Race, LearnsAsTheModelWillInTheEnd) {
  winner_of_race({}, Task::regression, 1,
                 [](const RunOptions& how, int64_t) {
                   EXPECT_FALSE(how.training.early_stopping);
                   EXPECT_FALSE(how.training.restore_best_weights);
                   EXPECT_EQ(how.training.final_fit, "none");
                   return std::optional(1.0);
                 },
                 {});
}

TEST(Race, ClassesThatAreKnownAlreadyAreNotRacedFor) {
  EXPECT_TRUE(is_usual(winner({{0.009, 0.001, 0.001, 0.001, 0.001}}, Task::multiclass)));
  EXPECT_FALSE(is_usual(winner({{0.011, 0.001, 0.001, 0.001, 0.001}}, Task::multiclass)));
  EXPECT_FALSE(is_usual(winner({{0.009, 0.001, 0.001, 0.001, 0.001}}, Task::regression)));
}

TEST(Race, ALossThatIsNotFiniteDropsOut) {
  const double infinite = std::numeric_limits<double>::infinity();
  EXPECT_TRUE(is_usual(winner({{1, infinite, NAN, infinite, NAN}})));
  EXPECT_EQ(winner({{infinite, 2, 3, 4, 5}}).network.layers.size(), 3u);
}

TEST(Race, StaysWithTheUsualWhenStopped) {
  EXPECT_TRUE(is_usual(winner({{3, 1, 1, 1, -1}})));
}

TEST(Race, LabelsAreNotRaced) {
  EXPECT_TRUE(entrants(Task::multilabel).empty());
}

TEST(Race, WhatItFindsRepeatsTheRun) {
  const Table table = parse_table(regression_csv(360), "t.csv");
  RunOptions options;
  options.data.target = "y";
  options.training.threads = 1;
  options.training.batch_size = 120;  // short trainings
  std::string remark;
  const TrainResult first = train(table, options, {.on_remark = [&](const std::string& text) {
                                    if (text.find("mean validation losses") != std::string::npos)
                                      remark = text;
                                  }});
  EXPECT_NE(remark, "");
  RunOptions found = first.resolved;
  // A race itself on three threads: Checkpoints.ARunStoppedInItsRaceBeginsAnew.
  found.training.threads = 3;
  const TrainResult again = train(table, found);
  EXPECT_EQ(again.weights_sha256, first.weights_sha256);
  EXPECT_EQ(again.metrics, first.metrics);
}

}  // namespace

}  // namespace sinapse
