// The run file: everything a run depends on, as YAML (or JSON, which is YAML, too).
//
//     data: {path: cars.csv, target: price}
//     network: {hidden: [128, 64]}
//     training: {epochs: 40, seed: 7}
#pragma once

#include <string>
#include <vector>

#include <sinapse/train.h>

namespace sinapse {

/// A run: which data, and everything that train() takes.
struct RunDescription {
  std::string data_path;
  std::string test_path;
  RunOptions options;
  std::string memory = "auto";  ///< that a table may take: "500M"
};

/// One key of a run file, for documentation.
struct RunKey {
  std::string path;           ///< "training.epochs"
  std::string type;           ///< "a whole number"
  std::string default_value;  ///< as it would stand in a run file
  std::string doc;
};
std::vector<RunKey> run_keys();

/// The key of a run file, outside its sections, that names a preset.
inline constexpr const char* kPresetKey = "preset";
inline constexpr const char* kPresetDoc =
    "from whose keys the run starts; those of the file count more";

/// Sets the keys of a preset and leaves the others as they are. Throws Error(usage).
void merge_preset(RunDescription& run, const std::string& name);

/// The text of a run file. Throws Error(file) if it cannot be read or is too large to be one.
std::string read_run_file(const std::string& path);

/// Sets the keys of the file's preset, if it names one, and those that stand in it, and leaves the
/// others as they are. Throws Error(file), or Error(usage) naming file, line and key: an unknown
/// key with the nearest known one, a value of another type with what was expected.
void merge_run_file(RunDescription& run, const std::string& path);

/// The same for a text; `source` stands for the file's name in messages.
void merge_run_text(RunDescription& run, const std::string& yaml, const std::string& source);

/// Sets one key from a text as given on the command line: lists are separated by commas or written
/// as in YAML. `source` names the flag in messages. Throws Error(usage).
void set_run_key(RunDescription& run, const std::string& key, const std::string& value,
                 const std::string& source);

/// A key whose values in two runs differ, as they would stand in a run file.
struct RunDifference {
  std::string key, first, second;
};
std::vector<RunDifference> differences(const RunDescription& first, const RunDescription& second);

/// A run file with every key, each explained by a comment. The number of threads and the memory
/// are left out: no result depends on them.
std::string to_yaml(const RunDescription& run);

}  // namespace sinapse
