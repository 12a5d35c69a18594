// Nothing that happens to a run loses what it has learned.
#include <chrono>
#include <csignal>
#include <thread>

#include "end_to_end/program.h"
#include "end_to_end/tables.h"
#include "paths.h"
#include "train/checkpoint_folder.h"

namespace sinapse {

namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

class Resume : public EndToEnd {
 protected:
  // A run that can be given again and again until it ends.
  std::vector<std::string> command(std::vector<std::string> more = {}) const {
    std::vector<std::string> words = {program_path(),
                                      "train",
                                      "data.csv",
                                      "--target",
                                      "y",
                                      "--hidden",
                                      "32,16",
                                      "--dropout",
                                      "0.2",
                                      "--epochs",
                                      "40",
                                      "--set",
                                      "training.early_stopping=false",
                                      "--batch-size",
                                      "16",
                                      "--optimizer",
                                      "adam",
                                      "--output",
                                      "run",
                                      "--resume",
                                      "run",
                                      "--quiet"};
    words.insert(words.end(), more.begin(), more.end());
    return words;
  }

  Outcome run(std::vector<std::string> more = {}, int64_t file_size_limit = -1) const {
    return run_program({.command = command(std::move(more)),
                        .folder = path(""),
                        .file_size_limit = file_size_limit});
  }

  nlohmann::json finish(std::vector<std::string> more = {}) const {
    more.insert(more.end(), {"--checkpoint-steps", "0", "--json"});
    const Outcome outcome = run(std::move(more));
    EXPECT_EQ(outcome.exit_code, 0) << outcome.errors;
    return outcome.exit_code == 0 ? nlohmann::json::parse(outcome.output) : nlohmann::json{};
  }

  std::string newest() const {
    const auto all = checkpoints_in(path("run/checkpoints"));
    return all.empty() ? "" : all.front();
  }

  // All but the seconds, which stand in the last column.
  std::vector<std::vector<std::string>> history() const {
    auto rows = cells_of(text_of("run/history.csv"));
    for (auto& row : rows) row.pop_back();
    return rows;
  }

  // The run, killed a little after it has written a checkpoint or two.
  void kill_once(Numbers& numbers, const std::string& threads) const {
    const std::string before = newest();
    RunningProgram program({.command = command({"--checkpoint-steps", "1", "--threads", threads}),
                            .folder = path("")});
    while (newest() == before && !program.has_ended()) std::this_thread::sleep_for(200us);
    std::this_thread::sleep_for(std::chrono::microseconds(numbers.below(6000)));
    program.send(SIGKILL);
    EXPECT_EQ(program.wait().exit_code, 128 + SIGKILL) << "it ended before it was killed";
  }
};

TEST_F(Resume, KilledAtAnyInstantItEndsWithTheSameBits) {
  file("data.csv", regression_csv(300));
  const auto whole = finish();
  const auto whole_history = history();
  Numbers numbers;
  for (const char* threads : {"1", "2", "3", "8"}) {
    fs::remove_all(path("run"));
    for (int kills = 0; kills < 20; ++kills) kill_once(numbers, threads);
    const auto resumed = finish({"--threads", threads});
    EXPECT_EQ(resumed["weights_sha256"], whole["weights_sha256"]) << threads << " threads";
    EXPECT_EQ(resumed["metrics"], whole["metrics"]) << threads << " threads";
    EXPECT_EQ(history(), whole_history) << threads << " threads";
  }
  for (const auto& entry : fs::recursive_directory_iterator(path("run"))) {
    const std::string name = entry.path().filename();
    EXPECT_FALSE(name.ends_with(".part") || name.starts_with(".")) << "left behind: " << name;
  }
}

TEST_F(Resume, NeedsNothingButTheFolder) {
  file("data.csv", mixed_csv(3));
  const std::vector<std::string> run{"train", "data.csv", "--target", "class", "--epochs", "30"};
  auto first = run;
  first.insert(first.end(), {"--output", "whole"});
  const auto whole = sinapse_json(first);
  auto second = run;
  second.insert(second.end(), {"--output", "run", "--time-limit", "0.000001s"});
  const auto part = sinapse_json(second);
  EXPECT_LT(part["epochs"], whole["epochs"]);
  const auto resumed = sinapse_json({"train", "--resume", "run", "--time-limit", "0"});
  EXPECT_EQ(resumed["weights_sha256"], whole["weights_sha256"]);
  EXPECT_EQ(text_of("run/model.onnx"), text_of("whole/model.onnx"));
  expect_failure(sinapse({"train", "--resume", "run", "--seed", "2"}), 2,
                 {"the run was begun with training.seed: 1, but is to go on with 2"});
  expect_failure(sinapse({"train", "--resume", "run", "--output", "other"}), 2,
                 {"leave out --output"});
}

TEST_F(Resume, ASignalSavesAndTheRunGoesOnLater) {
  file("data.csv", regression_csv(300));
  const auto whole = finish();
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    fs::remove_all(path("run"));
    RunningProgram program({.command = command({"--checkpoint-steps", "1"}), .folder = path("")});
    while (newest().empty() && !program.has_ended()) std::this_thread::sleep_for(200us);
    program.send(signal);
    program.send(signal);  // some shells send it twice
    const Outcome outcome = program.wait();
    EXPECT_EQ(outcome.exit_code, 130) << outcome.errors;
    EXPECT_NE(outcome.errors.find("sinapse train --resume run"), std::string::npos)
        << outcome.errors;
    EXPECT_EQ(sinapse({"evaluate", "run", "data.csv"}).exit_code, 0);
    EXPECT_EQ(finish()["weights_sha256"], whole["weights_sha256"]) << "signal " << signal;
  }
}

TEST_F(Resume, HangUpIsNothingUnderNohup) {
  file("data.csv", regression_csv(300));
  std::string line = "trap '' HUP; exec";
  for (const std::string& word : command({"--checkpoint-epochs", "1"})) line += " " + word;
  RunningProgram program({.command = {"bash", "-c", line}, .folder = path("")});
  while (newest().empty() && !program.has_ended()) std::this_thread::sleep_for(200us);
  program.send(SIGHUP);
  const Outcome outcome = program.wait();
  EXPECT_EQ(outcome.exit_code, 0) << outcome.errors;
}

TEST_F(Resume, NobodyReadingItsWordsStopsNothing) {
  file("data.csv", regression_csv(300));
  const std::string run = program_path() + " train data.csv --target y --epochs 5 --json --output ";
  // What is written to file 3 finds no reader.
  const std::string gone = "exec 3> >(exit); sleep 0.2; ";
  const Outcome errors_gone =
      run_program({.command = {"bash", "-c", gone + run + "a 2>&3"}, .folder = path("")});
  EXPECT_EQ(errors_gone.exit_code, 0);
  EXPECT_EQ(nlohmann::json::parse(errors_gone.output)["epochs"], 5);
  run_program({.command = {"bash", "-c", gone + run + "b >&3"}, .folder = path("")});
  EXPECT_EQ(text_of("b/model.onnx"), text_of("a/model.onnx"));
  run_program({.command = {"bash", "-c", gone + run + "c >&3 2>&3"}, .folder = path("")});
  EXPECT_EQ(text_of("c/model.onnx"), text_of("a/model.onnx"));
}

TEST_F(Resume, AFullDiskLeavesCheckpointsOutButNotTheModel) {
  file("data.csv", regression_csv(300));
  const std::vector<std::string> run{"train",  "data.csv", "--target", "y",       "--hidden",
                                     "128,64", "--epochs", "3",        "--output"};
  auto whole = run, full = run;
  whole.emplace_back("whole");
  EXPECT_EQ(sinapse(whole).exit_code, 0);
  full.insert(full.begin(), program_path());
  full.insert(full.end(), {"full", "--checkpoint-epochs", "1"});
  // Room for the model, but not for a checkpoint, which has four numbers for each weight.
  const Outcome outcome =
      run_program({.command = full, .folder = path(""), .file_size_limit = 100'000});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.errors;
  EXPECT_EQ(text_of("full/model.onnx"), text_of("whole/model.onnx"));
  const std::string words = "safetensors: cannot write: File too large. This checkpoint is left";
  const size_t first = outcome.errors.find(words);
  EXPECT_NE(first, std::string::npos) << outcome.errors;
  EXPECT_EQ(outcome.errors.find(words, first + 1), std::string::npos) << "said once";
}

TEST_F(Resume, AFullDiskLeavesTheEarlierCheckpointWhole) {
  file("data.csv", regression_csv(300));
  const auto whole = finish();
  fs::remove_all(path("run"));
  EXPECT_EQ(run({"--time-limit", "0.000001s"}).exit_code, 0);
  const std::string saved = newest();
  const std::string contents = read_back(saved);
  const Outcome full = run({"--checkpoint-steps", "1", "--time-limit", "0"}, 2000);
  EXPECT_EQ(full.exit_code, 1);
  EXPECT_NE(full.errors.find("model.onnx: cannot write: File too large"), std::string::npos)
      << full.errors;
  EXPECT_EQ(newest(), saved);
  EXPECT_EQ(read_back(saved), contents);
  EXPECT_EQ(finish({"--time-limit", "0"})["weights_sha256"], whole["weights_sha256"]);
}

TEST_F(Resume, TwoRunsCannotWriteIntoOneFolder) {
  file("data.csv", regression_csv(300));
  RunningProgram program(
      {.command = command({"--checkpoint-steps", "1", "--epochs", "100000"}), .folder = path("")});
  while (newest().empty() && !program.has_ended()) std::this_thread::sleep_for(200us);
  expect_failure(run({"--epochs", "100000"}), 1, {"run: another run is writing"});
  program.send(SIGINT);
  EXPECT_EQ(program.wait().exit_code, 130);
}

TEST_F(Resume, SaysHowToBeginIfThereIsNothingToGoOnFrom) {
  expect_failure(sinapse({"train", "--resume", "run"}), 1,
                 {"run/checkpoints: there is no checkpoint", "--output run"});
  EXPECT_FALSE(exists("run"));
}

}  // namespace

}  // namespace sinapse
