// Nothing is learned from the rows that judge.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "data/table_reader.h"
#include "network/trained_network.h"
#include "train/train_split.h"

namespace sinapse {

namespace {

// Every kind of column; rows of part 1 and 2 hold other values if `changed`, of the same kinds.
Table table_of(bool changed, bool classes) {
  std::string csv = "part,size,city,day,flag,y\n";
  for (int i = 0; i < 120; ++i) {
    const bool judge = i % 3 != 0;
    const int k = judge && changed ? 5 * i + 1000 : i;
    const std::string size = judge && changed && i % 5 == 0 ? "" : fmt::format("{}.5", k % 1307);
    const std::string y = classes ? (k % 7 < 3 ? "low" : "high") : fmt::format("{}.25", k % 53);
    csv += fmt::format("{},{},{},20{:02}-0{}-1{},{},{}\n", i % 3, size,
                       judge && changed ? "Rome" : fmt::format("c{}", k % 5), k % 40 + 10,
                       k % 9 + 1, k % 10, k % 4 == 0 ? "yes" : "no", y);
  }
  return parse_table(csv, "t.csv");
}

TrainResult train_on(const Table& table, bool early_stopping) {
  RunOptions options;
  options.data = {.target = "y", .split = "part"};
  options.network.hidden = {4};
  options.training.epochs = 3;
  options.training.threads = 1;
  options.training.early_stopping = early_stopping;
  options.training.restore_best_weights = early_stopping;
  return train(table, options);
}

TEST(Leak, StatisticsAndWeightsDoNotMoveWithTheRowsThatJudge) {
  for (const bool classes : {false, true}) {
    const TrainResult before = train_on(table_of(false, classes), false);
    const TrainResult after = train_on(table_of(true, classes), false);
    const TrainedNetwork& a = before.model.trained();
    const TrainedNetwork& b = after.model.trained();
    EXPECT_EQ(a.features->to_json(), b.features->to_json());
    EXPECT_EQ(a.target.to_json(), b.target.to_json());
    EXPECT_EQ(before.weights_sha256, after.weights_sha256);
    EXPECT_EQ(before.metrics.at("train"), after.metrics.at("train"));
    EXPECT_NE(before.metrics.at("validation"), after.metrics.at("validation"));
    EXPECT_NE(before.metrics.at("test"), after.metrics.at("test"));
  }
}

TEST(Leak, TheSplitColumnIsNoInput) {
  const TrainResult result = train_on(table_of(false, false), true);
  for (const std::string& name : result.model.trained().features->names()) {
    EXPECT_EQ(name.find("part"), std::string::npos) << name;
  }
  EXPECT_EQ(result.resolved.data.split_by, "column");
}

}  // namespace

}  // namespace sinapse
