#include "cli/resume.h"

#include <filesystem>

#include <fmt/format.h>

#include <sinapse/error.h>

#include "data/duration.h"
#include "train/checkpoints.h"

namespace sinapse::cli {

namespace fs = std::filesystem;

std::string checkpoints_of(const std::string& folder) {
  return (fs::path(folder) / "checkpoints").string();
}

Resumed resumed_from(const std::string& resume, const std::string& output) {
  if (resume.empty()) return {};
  std::error_code ignored;
  const bool is_file = fs::is_regular_file(resume, ignored);
  const fs::path path(resume);
  const fs::path folder = is_file ? fs::absolute(path).parent_path().parent_path() : path;
  if (!output.empty() &&
      fs::weakly_canonical(output, ignored) != fs::weakly_canonical(folder, ignored)) {
    throw Error(ErrorCode::usage,
                fmt::format("train: a run goes on in its own folder, {}; leave out --output.",
                            folder.string()));
  }
  return {folder.string(), is_file ? resume : checkpoints_of(folder.string())};
}

RunDescription resumed_run(const RunFlags& flags, Resumed& resumed) {
  if (resumed.folder.empty()) return configured_run(flags);
  std::optional<RunDescription> saved = saved_run(resumed.checkpoints);
  if (saved) return configured_run(flags, std::move(*saved));
  RunDescription run = configured_run(flags);
  if (run.data_path.empty()) {
    throw Error(ErrorCode::file,
                fmt::format("{}: there is no checkpoint to go on from. Training saves one every "
                            "{} and when it is interrupted, to begin with: sinapse train DATA "
                            "--target COLUMN --output {}",
                            resumed.checkpoints, duration_text(run.options.checkpoint.interval),
                            resumed.folder));
  }
  resumed.checkpoints.clear();
  return run;
}

}  // namespace sinapse::cli
