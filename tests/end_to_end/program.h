// Runs the built program as a user does.
#pragma once

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "data/temporary_folder.h"

namespace sinapse {

/// What a program left behind.
struct Outcome {
  int exit_code = -1;  // 128 + signal if a signal ended it
  std::string output, errors;
};

/// A program with its arguments, in a folder of its own, with a file as standard input.
struct Invocation {
  std::vector<std::string> command;
  std::string folder;
  std::string input = "/dev/null";
  std::string output;  // where standard output goes; empty: into the Outcome
  int signal = 0;      // sent once standard error holds `signal_after`
  std::string signal_after;
  int64_t file_size_limit = -1;  // bytes; writing more fails as on a full disk; -1: none
};
Outcome run_program(const Invocation& invocation);

/// A program that runs beside the test.
class RunningProgram {
 public:
  explicit RunningProgram(const Invocation& invocation);
  void send(int signal) const;
  bool has_ended();
  Outcome wait();
  std::string errors() const;  // so far

 private:
  TemporaryFolder streams_;
  std::string output_;
  bool keeps_output_;
  int process_ = -1;
  int status_ = 0;
  bool ended_ = false;
};

/// Tests in a temporary folder.
class EndToEnd : public testing::Test {
 protected:
  std::string path(const std::string& name) const { return folder_.path(name); }
  std::string file(const std::string& name, const std::string& text) const {
    return folder_.file(name, text);
  }
  bool exists(const std::string& name) const { return std::filesystem::exists(path(name)); }
  std::string text_of(const std::string& name) const { return read_back(path(name)); }

  /// `sinapse <arguments>` in the folder.
  Outcome sinapse(std::vector<std::string> arguments, const std::string& input = "/dev/null") const;
  /// The same; standard output as JSON. Fails the test unless it exits with 0.
  nlohmann::json sinapse_json(std::vector<std::string> arguments) const;
  /// Trains quickly: two epochs, one small hidden layer. Gives the JSON report.
  nlohmann::json train(const std::string& data, const std::string& target,
                       std::vector<std::string> more = {}) const;

 private:
  TemporaryFolder folder_;
};

/// Exit code, nothing on standard output, and one error message that has all of the words.
void expect_failure(const Outcome& outcome, int exit_code, const std::vector<std::string>& words);

/// Rows of a CSV file without quotes.
std::vector<std::vector<std::string>> cells_of(const std::string& csv);

}  // namespace sinapse
