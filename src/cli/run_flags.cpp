#include "cli/run_flags.h"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>

#include <sinapse/error.h>

#include "cli/output.h"

namespace sinapse::cli {

namespace {

struct FlagOfKey {
  const char* flag;
  const char* key;
  const char* placeholder;  // nullptr: a flag without a value, which sets true
};

constexpr FlagOfKey kFlags[] = {
    {"--target", "data.target", "COLUMN"},
    {"--weight-column", "data.weight", "COLUMN"},
    {"--class-weight", "data.class_weight", "WEIGHTS"},
    {"--ignore-column", "data.ignore", "A,B"},
    {"--categorical", "data.categorical", "A,B"},
    {"--task", "data.task", "TASK"},
    {"--memory-limit", "data.memory", "SIZE"},
    {"--validation-split", "data.validation_split", "X"},
    {"--test", "data.test", "DATA"},
    {"--test-split", "data.test_split", "X"},
    {"--split-by", "data.split_by", "WAY"},
    {"--group-column", "data.group", "COLUMN"},
    {"--time-column", "data.time", "COLUMN"},
    {"--time", "data.time", "COLUMN"},
    {"--split-column", "data.split", "COLUMN"},
    {"--id-column", "data.id", "COLUMN"},
    {"--sequence-by", "data.sequence_by", "COLUMN"},
    {"--order-by", "data.order_by", "COLUMN"},
    {"--answer-per", "data.answer_per", "WHAT"},
    {"--horizon", "series.horizon", "N"},
    {"--series", "series.id", "COLUMN"},
    {"--known", "series.known", "A,B"},
    {"--window", "series.window", "N"},
    {"--gap", "series.gap", "N"},
    {"--stride", "series.stride", "N"},
    {"--season", "series.season", "N"},
    {"--backtest", "series.backtest", "N"},
    {"--scale", "features.scale", "NAME"},
    {"--hidden", "network.hidden", "128,64"},
    {"--activation", "network.activation", "NAME"},
    {"--network", "network.preset", "NAME"},
    {"--dropout", "network.dropout", "X"},
    {"--batch-normalization", "network.batch_normalization", nullptr},
    {"--from", "network.from", "MODEL"},
    {"--refit", "network.refit", nullptr},
    {"--freeze", "network.freeze", "A,B"},
    {"--epochs", "training.epochs", "N"},
    {"--batch-size", "training.batch_size", "N"},
    {"--loss", "training.loss", "NAME"},
    {"--optimizer", "training.optimizer", "NAME"},
    {"--learning-rate", "training.learning_rate", "X"},
    {"--schedule", "training.schedule", "NAME"},
    {"--patience", "training.patience", "N"},
    {"--seed", "training.seed", "N"},
    {"--time-limit", "training.time_limit", "10m"},
    {"--checkpoint-interval", "checkpoint.interval", "1m"},
    {"--checkpoint-epochs", "checkpoint.epochs", "N"},
    {"--checkpoint-steps", "checkpoint.steps", "N"},
    {"--checkpoint-keep", "checkpoint.keep", "N"},
    {"--threads", "training.threads", "N"},
    {"--precision", "training.precision", "NAME"},
    {"--reference", "training.reference", nullptr},
};

const RunKey& key_named(const std::vector<RunKey>& keys, const std::string& path) {
  return *std::find_if(keys.begin(), keys.end(), [&](const RunKey& k) { return k.path == path; });
}

std::string help_of(const RunKey& key) {
  const bool says_nothing = key.default_value == "\"\"" || key.default_value == "[]" ||
                            key.default_value == "0" || key.default_value == "false";
  std::string doc = key.doc;
  const bool begins_with_a_value = doc[doc.find_first_of(" ,.:;")] == ',' || doc[1] == '.';
  if (!begins_with_a_value)
    doc[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(doc[0])));
  return says_nothing ? doc : fmt::format("{} [{}]", doc, key.default_value);
}

void add_flag(CLI::App& command, const FlagOfKey& flag, const RunKey& key, RunFlags& flags) {
  if (flag.placeholder == nullptr) {
    command.add_flag_callback(
        flag.flag, [&flags, key = key.path] { flags.by_key[key] = "true"; }, help_of(key));
    return;
  }
  command
      .add_option_function<std::string>(
          flag.flag,
          [&flags, key = key.path](const std::string& text) { flags.by_key[key] = text; },
          help_of(key))
      ->type_name(flag.placeholder)
      ->take_last();
}

std::string flag_of(const std::string& key) {
  for (const FlagOfKey& flag : kFlags) {
    if (key == flag.key) return flag.flag;
  }
  return "";
}

void assign(RunDescription& run, const std::string& assignment) {
  const size_t equals = assignment.find('=');
  if (equals == std::string::npos) {
    throw Error(ErrorCode::usage,
                fmt::format("--set {}: expected KEY=VALUE, e.g. training.epochs=20.", assignment));
  }
  set_run_key(run, assignment.substr(0, equals), assignment.substr(equals + 1), "--set");
}

}  // namespace

void add_run_flags(CLI::App& command, RunFlags& flags) {
  command
      .add_option("DATA", flags.data,
                  "A table (CSV, TSV, ARFF, .gz too), a folder of pictures, IDX or NPY files, or "
                  "an NPZ file")
      ->type_name("");
  command
      .add_option("--preset", flags.preset,
                  "Start from the keys of a preset: see sinapse list presets")
      ->type_name("NAME")
      ->take_last();
  command
      .add_option("--config", flags.config_files,
                  "Run file to start from; several are merged in order")
      ->type_name("FILE")
      ->allow_extra_args(false);
  command
      .add_option("--set", flags.assignments,
                  "Set any key of the run file, e.g. training.epochs=20")
      ->type_name("KEY=VALUE")
      ->allow_extra_args(false);
  const auto keys = run_keys();
  for (const FlagOfKey& flag : kFlags) add_flag(command, flag, key_named(keys, flag.key), flags);
}

RunDescription configured_run(const RunFlags& flags, RunDescription run) {
  if (!flags.preset.empty()) merge_preset(run, flags.preset);
  for (const std::string& file : flags.config_files) merge_run_file(run, file);
  for (const std::string& assignment : flags.assignments) assign(run, assignment);
  for (const auto& [key, value] : flags.by_key) set_run_key(run, key, value, flag_of(key));
  if (!flags.data.empty()) run.data_path = flags.data;
  return run;
}

std::string describe_run_keys() {
  std::vector<std::vector<std::string>> rows;
  for (const RunKey& key : run_keys()) {
    rows.push_back({"  " + key.path, key.default_value, key.doc});
  }
  return format_table(rows, {});
}

}  // namespace sinapse::cli
