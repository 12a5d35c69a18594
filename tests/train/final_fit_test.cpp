// The final fit: learned once more from all rows, judged by those that were kept back before.
#include "train/final_fit.h"

#include <cmath>

#include <gtest/gtest.h>

#include "data/temporary_folder.h"
#include "network/expect_words.h"
#include "network/trained_network.h"
#include "train/observer.h"

namespace sinapse {

namespace {

Table numbers(int64_t rows) {
  Column x{.name = "x", .kind = ColumnKind::number}, y = x;
  y.name = "y";
  for (int64_t r = 0; r < rows; ++r) {
    x.numbers.push_back(std::sin(0.7 * static_cast<double>(r)));
    y.numbers.push_back(x.numbers.back() * x.numbers.back() +
                        0.1 * std::cos(5.0 * static_cast<double>(r)));
  }
  return Table({x, y});
}

RunOptions few_epochs(const std::string& final_fit, int threads = 1) {
  RunOptions run;
  run.data.target = "y";
  run.network.hidden = {8};
  run.training.epochs = 4;
  run.training.final_fit = final_fit;
  run.training.threads = threads;
  return run;
}

TEST(FinalFit, IsATrainingOnAllRows) {
  const Table table = numbers(100);
  const TrainResult result = train(table, few_epochs("all"));
  RunOptions alone = result.resolved;
  alone.data.validation_split = 0;
  alone.training.early_stopping = false;
  EXPECT_EQ(result.weights_sha256, train(table, alone).weights_sha256);
  EXPECT_EQ(result.weights_sha256, train(table, result.resolved).weights_sha256);
}

TEST(FinalFit, ABatchOfAllRowsIsOneOfAllRowsThere) {
  const Table table = numbers(100);
  for (const char* optimizer : {"lbfgs", "levenberg_marquardt", "rprop"}) {
    RunOptions run = few_epochs("all");
    run.training.optimizer = optimizer;
    if (optimizer == std::string("rprop")) run.training.batch_size = 1000;
    const TrainResult result = train(table, run);
    RunOptions alone = run;
    alone.data.validation_split = 0;
    EXPECT_EQ(result.weights_sha256, train(table, alone).weights_sha256) << optimizer;
    EXPECT_EQ(result.weights_sha256, train(table, result.resolved).weights_sha256) << optimizer;
  }
}

TEST(FinalFit, IsJudgedByRowsTheFirstTrainingDidNotSee) {
  const Table table = numbers(100);
  const TrainResult once = train(table, few_epochs("none")),
                    twice = train(table, few_epochs("all"));
  EXPECT_NE(once.weights_sha256, twice.weights_sha256);
  EXPECT_EQ(once.metrics.at("validation"), twice.metrics.at("validation"));
  EXPECT_EQ(once.metrics.at("train"), twice.metrics.at("train"));
  EXPECT_EQ(once.history.size(), twice.history.size());
  EXPECT_EQ(once.best_epoch, twice.best_epoch);
  EXPECT_NE(twice.model.trained().record.find(twice.weights_sha256), std::string::npos);
}

TEST(FinalFit, TestRowsAreMeasuredWithTheModel) {
  struct Watching : TrainingObserver {
    void on_measured(const MeasuredPart& part) override {
      outputs[part.name] = part.answers.outputs;
    }
    std::map<std::string, std::vector<float>> outputs;
  };
  const auto watched = [](const char* final_fit, bool stop) {
    RunOptions run = few_epochs(final_fit);
    run.data.test_split = 0.2;
    Watching watching;
    bool last = false;
    const TrainResult result = train(
        numbers(100), run,
        {.on_remark = [&](const std::string& text) { last = text.starts_with("learns once"); },
         .should_stop = [&] { return stop && last; },
         .observers = {&watching}});
    return std::pair(result.metrics.at("test"), watching.outputs);
  };
  const auto once = watched("none", false), twice = watched("all", false);
  EXPECT_NE(twice.first, once.first);
  EXPECT_NE(twice.second.at("test"), once.second.at("test"));
  EXPECT_EQ(twice.second.at("validation"), once.second.at("validation"));
  EXPECT_EQ(watched("all", true), once);
}

TEST(FinalFit, HasTheSameBitsOnAnyNumberOfThreads) {
  const Table table = numbers(300);
  EXPECT_EQ(train(table, few_epochs("all", 1)).weights_sha256,
            train(table, few_epochs("all", 3)).weights_sha256);
}

TEST(FinalFit, IsChosenForSmallTablesWhereTheDataChooseEpochsAndOptimizer) {
  const auto chosen = [](int64_t rows, auto change) {
    RunOptions run;
    run.data.target = "y";
    run.network.hidden = {1};
    run.training.threads = 1;
    change(run);
    TrainCallbacks stops_at_once{.should_stop = [] { return true; }};
    return train(numbers(rows), run, stops_at_once).resolved.training.final_fit;
  };
  EXPECT_EQ(chosen(100, [](RunOptions&) {}), "all");
  EXPECT_EQ(chosen(6000, [](RunOptions&) {}), "none");
  EXPECT_EQ(chosen(100, [](RunOptions& run) { run.training.epochs = 9; }), "none");
  EXPECT_EQ(chosen(100, [](RunOptions& run) { run.training.optimizer = "adam"; }), "none");
  EXPECT_EQ(chosen(100, [](RunOptions& run) { run.data.validation_split = 0; }), "none");
}

TEST(FinalFit, StoppedLeavesTheFirstModel) {
  const Table table = numbers(100);
  const TrainResult once = train(table, few_epochs("none"));
  bool last = false;
  const TrainCallbacks callbacks{
      .on_remark = [&](const std::string& text) { last = last || text.starts_with("learns once"); },
      .should_stop = [&] { return last; }};
  const TrainResult stopped = train(table, few_epochs("all"), callbacks);
  EXPECT_TRUE(stopped.interrupted);
  EXPECT_EQ(stopped.weights_sha256, once.weights_sha256);
  EXPECT_EQ(stopped.metrics, once.metrics);
}

TEST(FinalFit, LeavesCheckpointsToTheFirstTraining) {
  const TemporaryFolder folder;
  const Table table = numbers(100);
  RunOptions run = few_epochs("all");
  run.checkpoint.folder = folder.path("checkpoints");
  run.checkpoint.epochs = 1;
  const TrainResult whole = train(table, run);
  run.checkpoint.resume = run.checkpoint.folder;
  EXPECT_EQ(train(table, run).weights_sha256, whole.weights_sha256);
}

TEST(FinalFit, RejectsOtherWords) {
  expect_error(ErrorCode::usage, {"final_fit", "auto, all or none", "\"some\""},
               [] { train(numbers(30), few_epochs("some")); });
}

}  // namespace

}  // namespace sinapse
