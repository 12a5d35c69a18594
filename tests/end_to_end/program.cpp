#include "end_to_end/program.h"

#include <csignal>
#include <sstream>
#include <thread>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "paths.h"

namespace sinapse {

namespace {

void redirect(const std::string& path, int handle, int flags) {
  const int file = ::open(path.c_str(), flags, 0666);
  if (file < 0 || ::dup2(file, handle) < 0) ::_exit(126);
}

[[noreturn]] void become(const Invocation& invocation, const std::string& output,
                         const std::string& errors) {
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) std::signal(signal, SIG_DFL);  // of no shell
  if (invocation.file_size_limit >= 0) {
    const auto limit = static_cast<rlim_t>(invocation.file_size_limit);
    const rlimit limits{limit, limit};
    if (::setrlimit(RLIMIT_FSIZE, &limits) != 0) ::_exit(126);
  }
  redirect(invocation.input, 0, O_RDONLY);
  redirect(output, 1, O_WRONLY | O_CREAT | O_TRUNC);
  redirect(errors, 2, O_WRONLY | O_CREAT | O_TRUNC);
  if (::chdir(invocation.folder.c_str()) != 0) ::_exit(126);
  std::vector<char*> arguments;
  for (const std::string& word : invocation.command)
    arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  ::execvp(arguments[0], arguments.data());
  ::_exit(127);
}

// Sends the signal as soon as the program has said the awaited words.
void send_signal(const Invocation& invocation, const RunningProgram& program) {
  if (invocation.signal == 0) return;
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (program.errors().find(invocation.signal_after) == std::string::npos &&
         std::chrono::steady_clock::now() < deadline) {
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  program.send(invocation.signal);
}

}  // namespace

Outcome run_program(const Invocation& invocation) {
  RunningProgram program(invocation);
  send_signal(invocation, program);
  return program.wait();
}

RunningProgram::RunningProgram(const Invocation& invocation)
    : output_(invocation.output.empty() ? streams_.path("output") : invocation.output),
      keeps_output_(invocation.output.empty()),
      process_(::fork()) {
  if (process_ == 0) become(invocation, output_, streams_.path("errors"));
}

void RunningProgram::send(int signal) const {
  if (!ended_) ::kill(process_, signal);
}

bool RunningProgram::has_ended() {
  if (!ended_) ended_ = ::waitpid(process_, &status_, WNOHANG) == process_;
  return ended_;
}

Outcome RunningProgram::wait() {
  if (!ended_) ::waitpid(process_, &status_, 0);
  ended_ = true;
  Outcome outcome;
  outcome.exit_code = WIFEXITED(status_) ? WEXITSTATUS(status_) : 128 + WTERMSIG(status_);
  if (keeps_output_) outcome.output = read_back(output_);
  outcome.errors = errors();
  return outcome;
}

std::string RunningProgram::errors() const {
  return read_back(streams_.path("errors"));
}

Outcome EndToEnd::sinapse(std::vector<std::string> arguments, const std::string& input) const {
  arguments.insert(arguments.begin(), program_path());
  return run_program({.command = std::move(arguments), .folder = path(""), .input = input});
}

nlohmann::json EndToEnd::sinapse_json(std::vector<std::string> arguments) const {
  arguments.emplace_back("--json");
  const Outcome outcome = sinapse(std::move(arguments));
  EXPECT_EQ(outcome.exit_code, 0) << outcome.errors;
  if (outcome.exit_code != 0) return {};
  return nlohmann::json::parse(outcome.output);
}

nlohmann::json EndToEnd::train(const std::string& data, const std::string& target,
                               std::vector<std::string> more) const {
  std::vector<std::string> arguments = {"train", data,       "--target", target,     "--epochs",
                                        "2",     "--hidden", "8",        "--output", "run"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return sinapse_json(std::move(arguments));
}

void expect_failure(const Outcome& outcome, int exit_code, const std::vector<std::string>& words) {
  EXPECT_EQ(outcome.exit_code, exit_code) << outcome.errors;
  EXPECT_EQ(outcome.output, "");
  EXPECT_NE(outcome.errors.find("sinapse: error: "), std::string::npos) << outcome.errors;
  for (const std::string& word : words) {
    EXPECT_NE(outcome.errors.find(word), std::string::npos)
        << "\"" << word << "\" is not in: " << outcome.errors;
  }
}

std::vector<std::vector<std::string>> cells_of(const std::string& csv) {
  std::vector<std::vector<std::string>> rows;
  std::istringstream lines(csv);
  for (std::string line; std::getline(lines, line);) {
    auto& row = rows.emplace_back();
    std::istringstream cells(line);
    for (std::string cell; std::getline(cells, cell, ',');) row.push_back(cell);
  }
  return rows;
}

}  // namespace sinapse
