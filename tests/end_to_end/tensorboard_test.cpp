// Event files for TensorBoard, read by Google's protobuf.
#include "end_to_end/program.h"
#include "end_to_end/tables.h"
#include "paths.h"

namespace sinapse {

namespace {

class TensorBoardFiles : public EndToEnd {
 protected:
  nlohmann::json events(const std::string& folder) const {
    const Outcome outcome = run_program(
        {.command = {"/usr/bin/python3", source_path("tests/report/read_events.py"), path(folder)},
         .folder = path("")});
    EXPECT_EQ(outcome.exit_code, 0) << outcome.errors;
    return outcome.exit_code == 0 ? nlohmann::json::parse(outcome.output) : nlohmann::json();
  }
};

TEST_F(TensorBoardFiles, HoldWhatHistoryAndMetricsSay) {
  file("data.csv", mixed_csv(3));
  const auto report =
      train("data.csv", "class", {"--tensorboard", "events", "--epochs", "3", "--seed", "9"});
  const auto all = events("events");
  EXPECT_EQ(all["versions"], nlohmann::json({"brain.Event:2"}));
  const auto history = cells_of(text_of("run/history.csv"));
  for (const auto& [tag, column] :
       std::map<std::string, size_t>{{"loss/train", 1}, {"loss/validation", 2}}) {
    ASSERT_EQ(all["scalars"][tag].size(), 3u) << tag;
    for (size_t epoch = 1; epoch <= 3; ++epoch) {
      EXPECT_EQ(all["scalars"][tag][epoch - 1][0], epoch);
      EXPECT_FLOAT_EQ(all["scalars"][tag][epoch - 1][1], std::stof(history[epoch][column]));
    }
  }
  for (const auto& [part, metrics] : report["metrics"].items()) {
    for (const auto& [name, value] : metrics.items()) {
      EXPECT_FLOAT_EQ(all["scalars"]["final_" + name + "/" + part][0][1], value.get<float>());
    }
  }
  EXPECT_GT(all["scalars"]["gradient_norm/dense1"][0][1], 0);
  EXPECT_GE(all["scalars"]["dead_units/dense1"][0][1], 0);
  EXPECT_EQ(all["histograms"]["dense1/bias"][0][1], 8) << "eight numbers";
  EXPECT_EQ(all["images"].size(), 1u) << "the confusion matrix";
  EXPECT_EQ(all["hparams"]["start"]["training.seed"], 9);
  EXPECT_EQ(all["hparams"]["start"]["data.target"], "class");
  EXPECT_EQ(all["hparams"]["status"], 1);
  bool has_weights = false;
  for (const auto& node : all["graph"]) has_weights |= node[0] == "dense1/weight";
  EXPECT_TRUE(has_weights) << all["graph"];
}

TEST_F(TensorBoardFiles, ChangeNoBitOfTheRun) {
  file("data.csv", mixed_csv(2));
  const auto with = train("data.csv", "class", {"--tensorboard", "events", "--threads", "1"});
  const auto without = train("data.csv", "class", {"--threads", "2"});
  EXPECT_EQ(with["weights_sha256"], without["weights_sha256"]);
}

TEST_F(TensorBoardFiles, LookIntoRunsWhoseRowsAreOnDisk) {
  file("data.csv", regression_csv(20000));
  const auto with = train("data.csv", "y", {"--tensorboard", "events", "--memory-limit", "64K"});
  const auto without = train("data.csv", "y");
  EXPECT_EQ(with["weights_sha256"], without["weights_sha256"]);
  EXPECT_GT(events("events")["scalars"]["gradient_norm/dense1"][0][1], 0);
}

TEST_F(TensorBoardFiles, FoldersThatCannotBeMadeAreErrors) {
  file("data.csv", regression_csv());
  expect_failure(sinapse({"train", "data.csv", "--target", "y", "--tensorboard", "data.csv/x"}), 1,
                 {"data.csv/x", "--tensorboard"});
  EXPECT_FALSE(exists("sinapse_data/model.onnx"));
}

}  // namespace

}  // namespace sinapse
