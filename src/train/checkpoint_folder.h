// The checkpoints of a run: checkpoint-000001.safetensors, ..., best.safetensors in one folder.
#pragma once

#include <string>
#include <vector>

#include "data/safetensors.h"

namespace sinapse {

/// Those in the folder, by their numbers, the newest first; or, if `path` is a file, that one.
/// None if there is no such folder.
std::vector<std::string> checkpoints_in(const std::string& path);

class CheckpointFolder {
 public:
  /// Nothing is created before the first checkpoint is.
  explicit CheckpointFolder(std::string path);

  /// Moves an earlier run's checkpoints to "<path>.old", in place of those that are there, and
  /// gives this path; empty if there was none. Throws Error(file).
  std::string set_aside();

  /// Writes the next one; gives its path. Throws Error(file); the others stay as they are then.
  std::string write(const Safetensors& contents);

  /// Keeps this checkpoint as best.safetensors, too. Throws Error(file).
  void keep_as_best(const std::string& checkpoint);

  /// Removes all but the newest ones and the best, and what was left of writes that were cut off.
  void remove_old(int64_t keep);

 private:
  std::string path_;
  int64_t last_;  // number
};

}  // namespace sinapse
