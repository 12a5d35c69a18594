// The flags of `sinapse train` that set a key of the run file.
#pragma once

#include "cli/commands.h"
#include "train/run_file.h"

namespace sinapse::cli {

/// What the command line says about a run; turned into a RunDescription by configured_run.
struct RunFlags {
  std::string data;
  std::string preset;
  std::vector<std::string> config_files;
  std::vector<std::string> assignments;       // of --set
  std::map<std::string, std::string> by_key;  // of the other flags
};

/// Adds DATA, --preset, --config, --set and one flag for each of the commonest keys.
void add_run_flags(CLI::App& command, RunFlags& flags);

/// Defaults (or the run to start from), then the preset, then the run files from left to right,
/// then
/// --set, then the other flags.
RunDescription configured_run(const RunFlags& flags, RunDescription run = {});

/// All keys with their defaults and meanings, for the help.
std::string describe_run_keys();

}  // namespace sinapse::cli
