// What a checkpoint belongs to: the run with its choices, and the data.
#pragma once

#include <map>
#include <string>

#include "data/safetensors.h"
#include "train/fingerprint.h"
#include "train/run_file.h"

namespace sinapse {

/// What a checkpoint belongs to; a run with another origin cannot go on from it.
struct CheckpointOrigin {
  RunDescription run;  // with every choice made
  Fingerprint data;
};

/// The texts that tell it in a checkpoint.
std::map<std::string, std::string> origin_text(const CheckpointOrigin& origin);

/// Of a run that was stopped before its choices were made, and so before anything was learned: who
/// goes on from it begins the run.
Safetensors unbegun_checkpoint(const RunDescription& run);
bool is_unbegun(const std::map<std::string, std::string>& metadata);

/// What the texts of a checkpoint say. `source` names it in messages. Throws Error(file) if it is
/// no checkpoint or of another format.
CheckpointOrigin read_origin(const std::map<std::string, std::string>& metadata,
                             const std::string& source);

/// Throws Error(usage) or Error(data) if a run of this origin cannot go on from a checkpoint of
/// that one. The number of epochs and the patience, threads, limits of time, checkpoints, and the
/// places of files may differ.
void require_same_origin(const CheckpointOrigin& saved, const CheckpointOrigin& now,
                         const std::string& source);

}  // namespace sinapse
