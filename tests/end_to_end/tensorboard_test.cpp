// Event files for TensorBoard, read by Google's protobuf.
#include <algorithm>
#include <cmath>

#include <sinapse/model.h>

#include "end_to_end/program.h"
#include "end_to_end/tables.h"
#include "network/trained_network.h"
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
  ASSERT_EQ(all["images"].size(), 1u) << "the confusion matrix";
  EXPECT_GT(all["images"]["confusion"][2], 10) << "so many different bytes";
  EXPECT_EQ(all["hparams"]["start"]["training.seed"], 9);
  EXPECT_EQ(all["hparams"]["start"]["data.target"], "class");
  EXPECT_EQ(all["hparams"]["status"], 1);
  // Numbers are DATA_TYPE_FLOAT64, texts DATA_TYPE_STRING; each of the metrics is a scalar.
  EXPECT_EQ(all["hparams"]["settings"]["training.seed"], 3);
  EXPECT_EQ(all["hparams"]["settings"]["data.target"], 1);
  EXPECT_LE(all["hparams"]["begin"].get<double>(), all["hparams"]["end"].get<double>());
  for (const auto& tag : all["hparams"]["metrics"])
    EXPECT_TRUE(all["scalars"].contains(tag.get<std::string>())) << tag;
  EXPECT_GE(all["hparams"]["metrics"].size(), 10u);
}

TEST_F(TensorBoardFiles, GoToThePluginsThatShowThem) {
  file("data.csv", mixed_csv(3));
  train("data.csv", "class", {"--tensorboard", "events", "--epochs", "2"});
  const auto all = events("events");
  const auto holds = [&](const char* plugin, const std::string& tag) {
    const auto& tags = all["plugins"][plugin];
    return std::find(tags.begin(), tags.end(), tag) != tags.end();
  };
  EXPECT_TRUE(holds("scalars", "loss/train"));
  EXPECT_TRUE(holds("histograms", "dense1/weight"));
  EXPECT_TRUE(holds("images", "confusion"));
  for (const char* tag : {"experiment", "session_start_info", "session_end_info"})
    EXPECT_TRUE(holds("hparams", std::string("_hparams_/") + tag)) << tag;
  EXPECT_EQ(all["plugins"].size(), 4u);
}

// After one epoch the model has the weights that were looked at.
TEST_F(TensorBoardFiles, HistogramsAreOfTheWeights) {
  file("data.csv", mixed_csv(2));
  train("data.csv", "class", {"--tensorboard", "events", "--epochs", "1", "--output", "run"});
  const auto histogram = events("events")["histograms"]["dense1/weight"][0];
  const Model model = Model::load(path("run/model.onnx"));
  const std::vector<float>& weights = model.trained().weights.at("dense1.weight");
  double sum = 0, squares = 0;
  for (const float weight : weights) sum += weight, squares += double{weight} * weight;
  EXPECT_EQ(histogram[1], weights.size());
  EXPECT_EQ(histogram[2], *std::min_element(weights.begin(), weights.end()));
  EXPECT_EQ(histogram[3], *std::max_element(weights.begin(), weights.end()));
  EXPECT_NEAR(histogram[4].get<double>(), sum, 1e-9);
  EXPECT_NEAR(histogram[5].get<double>(), squares, 1e-9);
  double low = -INFINITY;
  for (size_t b = 0; b < histogram[6].size(); ++b) {
    const double high = histogram[6][b];
    EXPECT_EQ(histogram[7][b], std::count_if(weights.begin(), weights.end(),
                                             [&](float w) { return w >= low && w < high; }))
        << b;
    low = high;
  }
}

TEST_F(TensorBoardFiles, TheGraphIsTheNetwork) {
  file("data.csv", mixed_csv(2));
  train("data.csv", "class", {"--tensorboard", "events", "--epochs", "1", "--hidden", "5"});
  const auto all = events("events");
  const auto node = [&](const std::string& name) -> nlohmann::json {
    for (const auto& one : all["graph"])
      if (one[0].get<std::string>().starts_with(name)) return one;
    return {"missing", "", nlohmann::json::array(), nlohmann::json::array()};
  };
  EXPECT_EQ(node("dense1/weight")[1], "Parameter");
  const auto gemm = node("dense1/Gemm");
  EXPECT_EQ(gemm[2][1], "dense1/weight");
  EXPECT_EQ(gemm[3], nlohmann::json({-1, 5}));
  EXPECT_EQ(node("output/Gemm")[3], nlohmann::json({-1, 1}));
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
