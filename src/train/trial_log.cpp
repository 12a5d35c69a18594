#include "train/trial_log.h"

#include <cerrno>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <numeric>
#include <sstream>

#include <fcntl.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include <sinapse/error.h>

#include "data/atomic_file.h"
#include "features/json_fields.h"
#include "train/run_file.h"
#include "train/split_rows.h"

namespace sinapse {

namespace {

using nlohmann::ordered_json;

// The same for the same cells in the same rows.
std::string content_of(const Table& table) {
  std::vector<int64_t> rows(table.num_rows());
  std::iota(rows.begin(), rows.end(), 0);
  uint64_t all = 0;
  hashes_of(table, "", rows).visit([&](int64_t, uint64_t hash) {
    all = (all ^ hash) * 1099511628211u;
  });
  return fmt::format("{:016x}", all);
}

ordered_json to_json(const SearchRange& range) {
  if (!range.choices.empty()) return {{"key", range.key}, {"choices", range.choices}};
  return {{"key", range.key}, {"low", range.low}, {"high", range.high}, {"log", range.log}};
}

Trial trial_from(const std::string& line, const std::string& place) {
  const nlohmann::json json = nlohmann::json::parse(line, nullptr, /*allow_exceptions=*/false);
  const auto fail = [&]() -> Trial {
    throw Error(ErrorCode::data,
                fmt::format("{}: this is no trial: {}.", place, line.substr(0, 60)));
  };
  const auto whole = [&](const char* key) {
    return json.contains(key) && json[key].is_number_integer();
  };
  if (!json.is_object() || !whole("trial") || !whole("epochs") || !json.contains("values") ||
      !json["values"].is_object()) {
    return fail();
  }
  Trial trial{.number = json["trial"].get<int64_t>(), .epochs = json["epochs"].get<int64_t>()};
  for (const auto& [key, value] : json["values"].items()) {
    if (!value.is_string()) return fail();
    trial.values[key] = value.get<std::string>();
  }
  if (json.contains("score") && json["score"].is_number()) {
    trial.score = json["score"].get<double>();
    if (!std::isfinite(*trial.score)) return fail();
  } else if (json.contains("failure") && json["failure"].is_string()) {
    trial.failure = json["failure"].get<std::string>();
  } else {
    return fail();
  }
  if (json.contains("targets")) {
    if (!json["targets"].is_object()) return fail();
    for (const auto& [target, score] : json["targets"].items()) {
      if (!score.is_number()) return fail();
      trial.targets[target] = score.get<double>();
    }
  }
  return trial;
}

std::string read_whole(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    throw Error(ErrorCode::file, fmt::format("{}: cannot read: {}.", path, std::strerror(errno)));
  }
  std::ostringstream text;
  text << file.rdbuf();
  return std::move(text).str();
}

}  // namespace

std::string describe_search(const Table& table, const RunOptions& options, const SearchSpace& space,
                            const TuneOptions& tuning) {
  ordered_json search = {{"data", content_of(table)},
                         {"run", to_yaml({.options = options})},
                         {"space", ordered_json::array()},
                         {"method", tuning.method},
                         {"metric", tuning.metric},
                         {"folds", tuning.folds},
                         {"seed", tuning.seed}};
  for (const SearchRange& range : space) search["space"].push_back(to_json(range));
  if (tuning.method == "halving") search["trials"] = tuning.trials;
  return to_json_text(search, "the search");
}

LoggedTrials parse_trials(const std::string& text, const std::string& source) {
  LoggedTrials log;
  int64_t line = 1;
  for (size_t end; (end = text.find('\n', log.whole_bytes)) != std::string::npos; ++line) {
    const std::string content = text.substr(log.whole_bytes, end - log.whole_bytes);
    if (line == 1) {
      log.search = content;
    } else {
      const std::string place = fmt::format("{}:{}", source, line);
      log.trials.push_back(trial_from(content, place));
      if (log.trials.back().number != line - 1) {
        throw Error(ErrorCode::data, fmt::format("{}: this is trial {}, but {} is expected.", place,
                                                 log.trials.back().number, line - 1));
      }
    }
    log.whole_bytes = end + 1;
  }
  return log;
}

std::string trial_line(const Trial& trial) {
  ordered_json json = {{"trial", trial.number}, {"values", trial.values}, {"epochs", trial.epochs}};
  if (trial.score) json["score"] = *trial.score;
  if (!trial.score) json["failure"] = trial.failure;
  if (!trial.targets.empty()) json["targets"] = trial.targets;
  return to_json_text(json, "the trial") + "\n";
}

TrialLog::TrialLog(const std::string& path, const std::string& search)
    : path_(path), search_(search) {
  const bool exists = std::filesystem::exists(path);
  const std::string text = exists ? read_whole(path) : "";
  LoggedTrials log = parse_trials(text, path);
  if (!log.search.empty() && log.search != search) {
    throw Error(ErrorCode::usage,
                fmt::format("{}: these are the trials of another search: the data, the run, the "
                            "space or the method differ. Choose another --output, or remove the "
                            "file to begin anew.",
                            path));
  }
  begun_ = !log.search.empty();
  if (begun_ && log.whole_bytes < text.size()) {
    write_file_atomically(path, std::string_view(text).substr(0, log.whole_bytes));
  }
  trials_ = std::move(log.trials);
}

TrialLog::~TrialLog() {
  if (handle_ >= 0) ::close(handle_);
}

// Only with the first trial, so that a mistake in the command leaves nothing behind.
void TrialLog::open() {
  if (!begun_) write_file_atomically(path_, search_ + "\n");
  begun_ = true;
  handle_ = ::open(path_.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC);
  if (handle_ >= 0) return;
  throw Error(ErrorCode::file, fmt::format("{}: cannot write: {}.", path_, std::strerror(errno)));
}

void TrialLog::append(const Trial& trial) {
  if (handle_ < 0) open();
  const std::string line = trial_line(trial);
  for (size_t done = 0; done < line.size();) {
    const ssize_t count = ::write(handle_, line.data() + done, line.size() - done);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) {
      throw Error(ErrorCode::file,
                  fmt::format("{}: cannot write: {}.", path_, std::strerror(errno)));
    }
    done += static_cast<size_t>(count);
  }
  if (::fsync(handle_) != 0) {
    throw Error(ErrorCode::file, fmt::format("{}: cannot write: {}.", path_, std::strerror(errno)));
  }
  trials_.push_back(trial);
}

}  // namespace sinapse
