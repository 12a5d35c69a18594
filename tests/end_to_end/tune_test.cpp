// sinapse tune.
#include <csignal>

#include "end_to_end/program.h"
#include "end_to_end/tables.h"
#include "paths.h"

namespace sinapse {

namespace {

class Tune : public EndToEnd {
 protected:
  static std::vector<std::string> command(const std::string& output,
                                          std::vector<std::string> more = {}) {
    std::vector<std::string> words = {
        "tune",     "data.csv",   "--target", "y",
        "--epochs", "3",          "--space",  "training.learning_rate=1e-4..1e-1:log",
        "--space",  "space.yaml", "--output", output};
    words.insert(words.end(), more.begin(), more.end());
    return words;
  }

  void SetUp() override {
    file("data.csv", regression_csv(120));
    file("space.yaml", "network.hidden: {choices: [[4], [8, 4]]}\n");
  }
};

TEST_F(Tune, TrainsTheBestOfItsTrials) {
  const auto json = sinapse_json(command("tuned", {"--trials", "12", "--quiet"}));
  EXPECT_EQ(json["trials"], 12);
  const auto lines = cells_of(text_of("tuned/trials.jsonl"));
  EXPECT_EQ(lines.size(), 13u);
  EXPECT_EQ(json["result"]["metrics"]["validation"]["rmse"], json["best"]["score"]);
  const auto again = sinapse_json({"train", "--config", "tuned/run.yaml", "--output", "again"});
  EXPECT_EQ(again["weights_sha256"], json["result"]["weights_sha256"]);
  EXPECT_EQ(text_of("again/model.onnx"), text_of("tuned/model.onnx"));
}

TEST_F(Tune, AKilledSearchGoesOnToTheSameTrials) {
  const std::vector<std::string> words = command("whole", {"--trials", "14"});
  ASSERT_EQ(sinapse(words).exit_code, 0);
  for (const auto& [signal, code] : {std::pair(SIGKILL, 128 + SIGKILL), std::pair(SIGINT, 130)}) {
    std::vector<std::string> killed = command("killed", {"--trials", "14"});
    killed.insert(killed.begin(), program_path());
    const Outcome outcome = run_program(
        {.command = killed, .folder = path(""), .signal = signal, .signal_after = "trial 4/"});
    EXPECT_EQ(outcome.exit_code, code) << outcome.errors;
    EXPECT_FALSE(exists("killed/model.onnx"));
    const Outcome rest = sinapse(command("killed", {"--trials", "14", "--threads", "3"}));
    EXPECT_EQ(rest.exit_code, 0) << rest.errors;
    EXPECT_NE(rest.errors.find("going on after trial "), std::string::npos) << rest.errors;
    EXPECT_EQ(text_of("killed/trials.jsonl"), text_of("whole/trials.jsonl"));
    EXPECT_EQ(text_of("killed/model.onnx"), text_of("whole/model.onnx"));
    std::filesystem::remove_all(path("killed"));
  }
}

TEST_F(Tune, HalvingAndFoldsWork) {
  const auto halving = sinapse_json(command(
      "halving", {"--method", "halving", "--trials", "6", "--epochs", "9", "--metric", "r2"}));
  EXPECT_EQ(halving["trials"], 8);
  EXPECT_EQ(sinapse_json(command("folds", {"--trials", "2", "--folds", "2"}))["trials"], 2);
}

TEST_F(Tune, MistakesAreExplained) {
  expect_failure(sinapse({"tune", "data.csv", "--target", "y"}), 2, {"--space"});
  expect_failure(sinapse(command("out", {"--space", "training.learning_rat=0..1"})), 2,
                 {"training.learning_rate"});
  expect_failure(sinapse(command("out", {"--space", "training.epochs=a|b"})), 2,
                 {"training.epochs", "whole number"});
  expect_failure(sinapse(command("out", {"--metric", "rmsee"})), 2, {"\"rmse\""});
  expect_failure(sinapse(command("out", {"--metric", "accuracy"})), 2, {"accuracy", "classes"});
  EXPECT_EQ(sinapse(command("other", {"--trials", "1"})).exit_code, 0);
  expect_failure(sinapse(command("other", {"--trials", "1", "--seed", "5"})), 2,
                 {"another search", "--output"});
}

}  // namespace

}  // namespace sinapse
