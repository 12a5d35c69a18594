// Training, and what can be done with the result.
#include <cmath>
#include <csignal>

#include "end_to_end/program.h"
#include "end_to_end/tables.h"
#include "paths.h"

namespace sinapse {

namespace {

using Train = EndToEnd;

TEST_F(Train, WritesItsFiveFiles) {
  file("cars.csv", regression_csv());
  const Outcome outcome = sinapse({"train", "cars.csv", "--target", "y", "--epochs", "2"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.errors;
  for (const char* name :
       {"model.onnx", "run.yaml", "history.csv", "metrics.json", "report.html"}) {
    EXPECT_TRUE(exists(std::string("sinapse_cars/") + name)) << name;
  }
  EXPECT_NE(outcome.output.find("sinapse_cars/model.onnx"), std::string::npos);
  const auto folder = std::filesystem::directory_iterator(path("sinapse_cars"));
  EXPECT_EQ(std::distance(begin(folder), end(folder)), 5) << "nothing else may stay behind";
}

TEST_F(Train, HistoryHasOneRowAnEpoch) {
  file("cars.csv", regression_csv());
  train("cars.csv", "y");
  const auto rows = cells_of(text_of("run/history.csv"));
  ASSERT_EQ(rows.size(), 3u);
  EXPECT_EQ(rows[0][0], "epoch");
  EXPECT_EQ(rows[0][1], "loss");
  EXPECT_EQ(rows[0][2], "val_loss");
  EXPECT_EQ(rows[0][rows[0].size() - 2], "learning_rate");
  EXPECT_EQ(rows[0].back(), "seconds");
  EXPECT_EQ(rows[2][0], "2");
  EXPECT_EQ(rows[2].size(), rows[0].size());
}

TEST_F(Train, ReportsRegression) {
  file("cars.csv", regression_csv());
  const auto report = train(
      "cars.csv", "y",
      {"--epochs", "60", "--optimizer", "adam", "--learning-rate", "0.02", "--test", "cars.csv"});
  EXPECT_EQ(report["task"], "regression");
  EXPECT_EQ(report["weights_sha256"].get<std::string>().size(), 64u);
  EXPECT_EQ(report["parameters"], 3 * 8 + 8 + 8 + 1);
  EXPECT_LE(report["epochs"], 60);
  for (const char* part : {"train", "validation", "test"}) {
    EXPECT_GT(report["metrics"][part]["r2"], 0.9) << part;
  }
  EXPECT_EQ(nlohmann::json::parse(text_of("run/metrics.json"))["metrics"], report["metrics"]);
}

TEST_F(Train, LearnsBinaryAndMulticlass) {
  file("two.csv", mixed_csv(2));
  file("four.csv", mixed_csv(4));
  const std::vector<std::string> flags = {"--epochs",        "80",  "--optimizer", "adam",
                                          "--learning-rate", "0.02"};
  const auto two = train("two.csv", "class", flags);
  const auto four = train("four.csv", "class", flags);
  EXPECT_EQ(two["task"], "binary");
  EXPECT_EQ(four["task"], "multiclass");
  EXPECT_GT(two["metrics"]["train"]["accuracy"], 0.9);
  EXPECT_GT(four["metrics"]["train"]["accuracy"], 0.7);
}

TEST_F(Train, DelimiterDoesNotMatter) {
  file("comma.csv", mixed_csv(2, 240, ','));
  file("semicolon.csv", mixed_csv(2, 240, ';'));
  file("tab.tsv", mixed_csv(2, 240, '\t'));
  const auto comma = train("comma.csv", "class");
  EXPECT_EQ(train("semicolon.csv", "class")["weights_sha256"], comma["weights_sha256"]);
  EXPECT_EQ(train("tab.tsv", "class")["weights_sha256"], comma["weights_sha256"]);
}

TEST_F(Train, RunFileRepeatsTheRun) {
  file("data.csv", mixed_csv(3));
  const auto first = train("data.csv", "class",
                           {"--seed", "7", "--dropout", "0.2", "--ignore-column", "joined",
                            "--optimizer", "momentum(momentum=0.8)"});
  const auto again = sinapse_json({"train", "--config", "run/run.yaml", "--output", "again"});
  EXPECT_EQ(again["weights_sha256"], first["weights_sha256"]);
  EXPECT_EQ(text_of("again/run.yaml"), text_of("run/run.yaml"));
  EXPECT_EQ(text_of("again/model.onnx"), text_of("run/model.onnx"));
}

TEST_F(Train, ThreadsDoNotChangeABit) {
  file("data.csv", mixed_csv(3));
  const auto one = train("data.csv", "class", {"--threads", "1"});
  for (const char* threads : {"2", "3", "8"}) {
    EXPECT_EQ(train("data.csv", "class", {"--threads", threads})["weights_sha256"],
              one["weights_sha256"])
        << threads << " threads";
  }
}

TEST_F(Train, SeedChangesTheWeights) {
  file("data.csv", regression_csv());
  EXPECT_NE(train("data.csv", "y", {"--seed", "1"})["weights_sha256"],
            train("data.csv", "y", {"--seed", "2"})["weights_sha256"]);
}

TEST_F(Train, InterruptionSavesAndExitsWith130) {
  file("data.csv", regression_csv(2000));
  for (const int signal : {SIGINT, SIGTERM}) {
    const Outcome outcome = run_program(
        {.command = {program_path(), "train", "data.csv", "--target", "y", "--epochs", "1000000",
                     "--set", "training.early_stopping=false", "--output", "run"},
         .folder = path(""),
         .signal = signal,
         .signal_after = "epoch 3/"});
    EXPECT_EQ(outcome.exit_code, 130) << outcome.errors;
    EXPECT_NE(outcome.errors.find("run/model.onnx"), std::string::npos) << outcome.errors;
    EXPECT_EQ(sinapse({"evaluate", "run", "data.csv"}).exit_code, 0);
    std::filesystem::remove_all(path("run"));
  }
}

TEST_F(Train, PrintsPlainLinesWithoutATerminal) {
  file("data.csv", regression_csv());
  const Outcome loud = sinapse({"train", "data.csv", "--target", "y", "--epochs", "3"});
  EXPECT_NE(loud.errors.find("epoch 3/3  loss"), std::string::npos) << loud.errors;
  EXPECT_EQ(loud.errors.find('\x1b'), std::string::npos);
  EXPECT_EQ(loud.errors.find('\r'), std::string::npos);
  const Outcome quiet = sinapse({"train", "data.csv", "--target", "y", "--epochs", "3", "--quiet"});
  EXPECT_EQ(quiet.errors, "");
}

TEST_F(Train, LaterSettingsCount) {
  file("a.yaml", "training: {epochs: 5, seed: 5, patience: 5, batch_size: 5}\n");
  file("b.yaml", "{\"training\": {\"seed\": 6, \"patience\": 6, \"batch_size\": 6}}\n");
  const Outcome outcome = sinapse({"train", "data.csv", "--batch-size", "8", "--set",
                                   "training.patience=7", "--set", "training.batch_size=7",
                                   "--config", "a.yaml", "--config", "b.yaml", "--print-config"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.errors;
  for (const char* line :
       {"epochs: 5 ", "seed: 6 ", "patience: 7 ", "batch_size: 8 ", "path: data.csv "}) {
    EXPECT_NE(outcome.output.find(line), std::string::npos) << line << outcome.output;
  }
}

TEST_F(Train, BuildsLayersFromARunFile) {
  file("data.csv", mixed_csv(2));
  file("run.yaml",
       "data: {path: data.csv, target: class}\n"
       "network:\n"
       "  layers:\n"
       "    - {type: dense, units: 6, activation: leaky_relu(alpha=0.2)}\n"
       "    - {type: dropout, rate: 0.1}\n"
       "    - {type: dense, units: 5, name: second, use_bias: false}\n"
       "training: {epochs: 2}\n");
  const auto first = sinapse_json({"train", "--config", "run.yaml", "--output", "run"});
  const auto again = sinapse_json({"train", "--config", "run/run.yaml", "--output", "again"});
  EXPECT_EQ(again["weights_sha256"], first["weights_sha256"]);
  const auto layers = sinapse_json({"inspect", "run"})["layers"];
  ASSERT_GE(layers.size(), 3u);
  EXPECT_EQ(layers[0]["activation"], "leaky_relu(alpha=0.2)");
}

}  // namespace

}  // namespace sinapse
