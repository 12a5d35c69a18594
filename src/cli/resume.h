// What --resume goes on from.
#pragma once

#include <string>

#include "cli/run_flags.h"

namespace sinapse::cli {

/// The folder in a run's folder where its checkpoints are.
std::string checkpoints_of(const std::string& folder);

/// What --resume names: the folder of a run, or one of its checkpoints. Empty if it names nothing.
struct Resumed {
  std::string folder, checkpoints;
};

/// Throws Error(usage) if the results are to go elsewhere (`output`; empty: not said).
Resumed resumed_from(const std::string& resume, const std::string& output);

/// The run that is resumed, or the one that the flags describe; what the flags say counts in both.
/// If nothing was saved so far and the flags name data, it is a new run, and `resumed` no longer
/// has checkpoints; else throws Error(file).
RunDescription resumed_run(const RunFlags& flags, Resumed& resumed);

}  // namespace sinapse::cli
