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

// Every kind of declaration, with judging rows that hold other values.
Table declared_table(bool changed) {
  std::string csv = "part,a,b,c,d,e,f,g,shop,street,note,moment,y\n";
  for (int i = 0; i < 120; ++i) {
    const bool other = i % 3 != 0 && changed;
    const int k = other ? 7 * i + 900 : i;
    csv += fmt::format("{},", i % 3);
    for (int column = 1; column <= 6; ++column) csv += fmt::format("{}.5,", k * column % 101);
    csv += fmt::format("{},s{},w{},{} {} house,20{:02}-0{}-1{} 0{}:30:00,{}.25\n",
                       k % 2 == 0 ? "low" : "high", k % 40, k % 4, other ? "never seen" : "good",
                       k % 3 == 0 ? "old" : "new", k % 40 + 10, k % 9 + 1, k % 10, k % 8, k % 53);
  }
  return parse_table(csv, "t.csv");
}

TEST(Leak, NothingThatIsDeclaredMovesWithTheRowsThatJudge) {
  RunOptions options;
  options.data = {.target = "y", .split = "part"};
  options.training = {
      .epochs = 1, .early_stopping = false, .restore_best_weights = false, .threads = 1};
  auto& columns = options.features.columns;
  const char* scales[] = {"min_max", "robust", "quantile", "quantile_uniform", "log", "none"};
  for (int i = 0; i < 6; ++i) columns[std::string(1, static_cast<char>('a' + i))].scale = scales[i];
  columns["g"].ordered = {"low", "high"};
  columns["shop"].hash = 5;
  columns["street"].embedding = 3;
  columns["note"] = {.type = "text", .ngrams = {1, 2}};
  columns["moment"] = {.parts = {"month", "hour", "weekday"}, .cyclic = false};
  options.features.interactions = {{"a", "b"}, {"a", "shop"}};
  const Table before = declared_table(false), after = declared_table(true);
  const TrainResult a = train(before, options), b = train(after, options);
  EXPECT_EQ(a.model.trained().features->to_json(), b.model.trained().features->to_json());
  EXPECT_EQ(a.weights_sha256, b.weights_sha256);
  options.data.split.clear();
  options.data.ignore = {"part"};
  options.data.validation_split = 0;
  EXPECT_NE(train(before, options).model.trained().features->to_json(),
            train(after, options).model.trained().features->to_json());
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
