// Training on a table that is kept on disk gives the same bits as in memory.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <sinapse/cross_validation.h>
#include <sinapse/train.h>

#include "data/rows.h"
#include "data/temporary_folder.h"
#include "end_to_end/tables.h"

namespace sinapse {
namespace {

RunOptions quick(const std::string& target) {
  RunOptions options;
  options.data.target = target;
  options.data.test_split = 0.1;
  options.network.hidden = {8};
  options.training.epochs = 2;
  return options;
}

/// A column of each kind, one with many categories, groups, times and keys.
std::string all_kinds_csv(int rows = 2000) {
  Numbers numbers;
  std::string csv = "id,group,day,when,city,street,n,m,code,y,part\n";
  for (int i = 0; i < rows; ++i) {
    const double n = numbers.next();
    csv += fmt::format("user {},g{},2020-{:02}-{:02},2021-03-04 10:{:02}:{:02},{},street {},",
                       i * 7919 % 100003, numbers.below(50), 1 + numbers.below(12),
                       1 + numbers.below(28), i / 60 % 60, i % 60,
                       std::vector{"Paris", "Rome", "NA"}[numbers.below(3)], numbers.below(90));
    csv += fmt::format("{:.5f},{},{},{:.4f},{}\n", n,
                       numbers.below(9) == 0 ? "" : fmt::format("{:.3f}", 1e6 + numbers.next()),
                       numbers.below(4), 3 * n + numbers.next(),
                       std::vector{"train", "train", "test", "validation"}[numbers.below(4)]);
  }
  return csv;
}

class StoredTraining : public testing::Test {
 protected:
  void expect_same(const std::string& csv, const RunOptions& options) {
    const std::string path = folder_.file("data.csv", csv);
    const Table in_memory = read_table(path), on_disk = read_table(path, {.memory = 1});
    ASSERT_TRUE(on_disk.on_disk());
    std::vector<std::string> remarks[2];
    TrainResult results[2];
    for (const int i : {0, 1}) {
      results[i] =
          train(i == 0 ? in_memory : on_disk, options,
                {.on_remark = [&](const std::string& text) { remarks[i].push_back(text); }});
      results[i].model.save(folder_.path(fmt::format("{}.onnx", i)));
    }
    EXPECT_EQ(results[0].weights_sha256, results[1].weights_sha256);
    EXPECT_EQ(results[0].metrics, results[1].metrics);
    EXPECT_EQ(remarks[0], remarks[1]);
    EXPECT_EQ(read_back(folder_.path("0.onnx")), read_back(folder_.path("1.onnx")));
    const Model& model = results[0].model;
    EXPECT_EQ(model.evaluate(in_memory), model.evaluate(on_disk));
    const Predictions expected = model.predict(in_memory), predicted = model.predict(on_disk);
    EXPECT_EQ(predicted.values, expected.values);
    EXPECT_EQ(predicted.probabilities, expected.probabilities);
  }

  TemporaryFolder folder_;
};

TEST_F(StoredTraining, GivesTheSameNumbersForARegression) {
  expect_same(regression_csv(1500), quick("y"));
}

TEST_F(StoredTraining, GivesTheSameNumbersForClasses) {
  expect_same(mixed_csv(2, 1500), quick("class"));
  expect_same(mixed_csv(4, 1500), quick("class"));
}

TEST_F(StoredTraining, GivesTheSameNumbersForNumericClasses) {
  expect_same(all_kinds_csv(), quick("code"));
}

TEST_F(StoredTraining, GivesTheSameNumbersForEveryKindOfColumn) {
  RunOptions options = quick("y");
  options.data.categorical = {"code", "day"};
  expect_same(all_kinds_csv(), options);
}

TEST_F(StoredTraining, GivesTheSameNumbersForEverySplit) {
  for (const auto& [way, key] :
       std::map<std::string, std::string DataOptions::*>{{"group", &DataOptions::group},
                                                         {"when", &DataOptions::time},
                                                         {"part", &DataOptions::split},
                                                         {"id", &DataOptions::id}}) {
    RunOptions options = quick("y");
    options.data.*key = way;
    expect_same(all_kinds_csv(), options);
  }
  RunOptions options = quick("y");
  options.data.split_by = "hash";
  expect_same(all_kinds_csv(), options);
}

TEST_F(StoredTraining, GivesTheSameNumbersToOptimizersThatTakeAllRows) {
  RunOptions options = quick("y");
  options.training.optimizer = "lbfgs";
  expect_same(regression_csv(1500), options);
}

// So many that rows are no lists, and their order is not stored.
TEST_F(StoredTraining, GivesTheSameNumbersForVeryManyRows) {
  Numbers numbers;
  std::string csv = "x,y\n";
  for (int64_t i = 0; i < Rows::kMostListed * 5 / 4; ++i) {
    const auto x = numbers.below(100);
    csv += fmt::format("{},{}\n", x, x + numbers.below(60) > 80 ? "a" : "b");
  }
  RunOptions options = quick("y");
  options.network.hidden = {2};
  options.training.batch_size = 4096;
  options.training.epochs = 1;
  options.data.class_weight = {.balanced = true};
  expect_same(csv, options);
}

TEST_F(StoredTraining, LeavesOutRowsWithoutATarget) {
  expect_same(all_kinds_csv(), quick("m"));
}

TEST_F(StoredTraining, CrossValidatesToTheSameNumbers) {
  const std::string path = folder_.file("data.csv", all_kinds_csv(600));
  RunOptions options = quick("y");
  options.data.test_split = 0;
  EXPECT_EQ(cross_validate(read_table(path), options).metrics.at("rmse").mean,
            cross_validate(read_table(path, {.memory = 1}), options).metrics.at("rmse").mean);
}

}  // namespace
}  // namespace sinapse
