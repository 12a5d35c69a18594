// sinapse train: from a data set to a model file.
#include <filesystem>
#include <memory>
#include <optional>

#include <fmt/format.h>

#include <sinapse/activation.h>
#include <sinapse/error.h>
#include <sinapse/loss.h>
#include <sinapse/optimizer.h>
#include <sinapse/schedule.h>
#include <sinapse/train.h>

#include "cli/command_line.h"
#include "cli/commands.h"
#include "cli/interrupt.h"
#include "cli/model_data.h"
#include "cli/onlookers.h"
#include "cli/output.h"
#include "cli/output_folder.h"
#include "cli/resume.h"
#include "cli/run_flags.h"
#include "cli/run_report.h"
#include "features/target.h"
#include "report/report.h"

namespace sinapse::cli {

namespace {

namespace fs = std::filesystem;

constexpr const char* kExamples = R"(Examples:
  sinapse train cars.csv --target price
  sinapse train cars.csv --target price --hidden 128,64 --activation gelu --seed 7
  sinapse train cars.csv --target price --preset realmlp
  sinapse train photos/ --network small_cnn --output clothes
  sinapse train --config sinapse_cars/run.yaml
  sinapse train --resume sinapse_cars
  sinapse train new_cars.csv --from sinapse_cars --output new
  sinapse train cars.csv --target price --print-config > run.yaml

Writes model.onnx, run.yaml, history.csv, metrics.json and report.html, a page to look at, into
the output folder.
Later ones count: defaults, preset, run files in order, --set, other flags.

Keys of the run file, their defaults and meanings:
)";

constexpr int kMaxThreads = 1024;

struct Options {
  RunFlags flags;
  std::string output, resume;
  bool json = false, print_config = false;
  OnlookerOptions onlookers;
};

// What is needed from just before training until all is written.
struct Session {
  explicit Session(const std::string& output) : folder(output) {}
  InterruptGuard guard;
  OutputFolder folder;
};

// What the run learned from: for the report.
struct Data {
  std::optional<Table> table, test;
  std::optional<ImageFolder> images;
};

// "data/cars.csv.gz" → "sinapse_cars"
std::string default_folder(const std::string& data) {
  fs::path path(data);
  if (path.filename().empty()) path = path.parent_path();  // "pictures/"
  std::string stem = path.filename().string();
  if (fs::path(stem).extension() == ".gz") stem = fs::path(stem).stem().string();
  if (!fs::is_directory(path)) stem = fs::path(stem).stem().string();
  return "sinapse_" + stem;
}

// What can be told to be wrong before the data is read.
void check(const RunDescription& run) {
  if (run.data_path.empty()) {
    throw Error(ErrorCode::usage,
                "train: which data? Give a file, as in: sinapse train cars.csv --target price");
  }
  if (run.options.network.from.empty()) {
    require_target("train", run.data_path, run.options.data.target);
  }
  const int threads = run.options.training.threads;
  if (threads < 0 || threads > kMaxThreads) {
    throw Error(ErrorCode::usage, fmt::format("train: threads must be between 0 and {}, but is {}.",
                                              kMaxThreads, threads));
  }
  if (run.options.data.task != "auto") task_from_name(run.options.data.task);
  if (run.options.network.activation != "auto") parse_activation(run.options.network.activation);
  if (run.options.training.loss != "auto") parse_loss(run.options.training.loss);
  if (run.options.training.optimizer != "auto") parse_optimizer(run.options.training.optimizer);
  if (run.options.training.schedule != "auto") parse_schedule(run.options.training.schedule);
  parse_schedule(run.options.training.dropout_schedule);
}

TrainResult train_on_table(const RunDescription& run, const std::string& output,
                           std::optional<Session>& session, const TrainCallbacks& callbacks,
                           Data& data) {
  const NetworkOptions& network = run.options.network;
  const bool as_model = !network.from.empty() && !network.refit;  // columns are of its kinds
  data.table = as_model ? load_model(network.from).read(run.data_path)
                        : read_training_table(run.data_path, run.memory);
  if (!run.test_path.empty()) {
    data.test = read_training_table(run.test_path, run.memory, &*data.table);
  }
  session.emplace(output);
  return train(*data.table, run.options, callbacks, data.test ? &*data.test : nullptr);
}

TrainResult train_on_images(const RunDescription& run, const std::string& output,
                            std::optional<Session>& session, const TrainCallbacks& callbacks,
                            Data& data) {
  data.images = read_training_images(run.data_path, run.test_path, run.options.image, run.memory);
  session.emplace(output);
  return train(*data.images, run.options, callbacks);
}

std::string absolute(const std::string& path) {
  return path.empty() ? path : fs::absolute(path).lexically_normal().string();
}

void print_result(const TrainResult& result, const OutputFolder& folder, bool has_page, bool json) {
  if (!json) return print(report_text(result, folder, has_page));
  auto report = report_json(result);
  for (const char* name : {"model.onnx", "run.yaml", "history.csv", "metrics.json"}) {
    report["files"][fs::path(name).stem().string()] = folder.path(name);
  }
  if (has_page) report["files"]["report"] = folder.path("report.html");
  print(report.dump(2) + "\n");
}

std::string data_name(const RunDescription& run) {
  return fs::path(run.data_path).lexically_normal().filename().string();
}

// A run is worth more than its page: if that cannot be made, the run is written without.
std::string page_of(const TrainResult& result, const RunDescription& run, const Data& data,
                    const Onlookers& onlookers) {
  try {
    Team team(result.resolved.training.threads);
    // What the page says of rows would be untrue of sequences.
    const bool sequences = !result.resolved.data.sequence_by.empty();
    const auto shown = [&](const std::optional<Table>& table) {
      return table && !sequences ? &*table : nullptr;
    };
    return report_page({.result = result,
                        .answers = onlookers.answers(),
                        .name = data_name(run),
                        .command = command_line(),
                        .run_file = to_yaml(run),
                        .remarks = onlookers.remarks(),
                        .threads = team.num_threads(),
                        .table = shown(data.table),
                        .test_table = shown(data.test),
                        .images = data.images ? &*data.images : nullptr},
                       team);
  } catch (const std::exception& error) {
    print_note(fmt::format("the report is not written: {}", error.what()));
    return "";
  }
}

// Results that cannot be written are not lost if there is a checkpoint of the run's end.
void write_results(OutputFolder& folder, const TrainResult& result, const RunDescription& run,
                   const std::string& page, bool saved) {
  try {
    write_run(folder, result, run, page);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::file || !saved) throw;
    throw Error(ErrorCode::file, fmt::format("{} What was learned is saved: when that is mended, "
                                             "give: sinapse train --resume {}",
                                             error.what(), folder.path("")));
  }
}

std::string stop_text(const TrainResult& result, const OutputFolder& folder, bool saved) {
  std::string text = fmt::format("{} in epoch {}; the best model so far is saved in {}.",
                                 result.interrupted ? "stopped" : "out of time", result.epochs,
                                 folder.path("model.onnx"));
  if (saved) text += fmt::format(" To go on: sinapse train --resume {}", folder.path(""));
  return text;
}

// The paths that are noted in the run's files do not depend on where the program was started.
void note_paths(RunDescription& run, const std::string& output, const Resumed& resumed) {
  CheckpointOptions& checkpoint = run.options.checkpoint;
  checkpoint.folder = checkpoints_of(output);
  checkpoint.resume = resumed.checkpoints;
  checkpoint.data_path = absolute(run.data_path);
  checkpoint.test_path = absolute(run.test_path);
  std::string& from = run.options.network.from;
  from = absolute(model_path(from));
  if (from.empty() || from != absolute((fs::path(output) / "model.onnx").string())) return;
  throw Error(ErrorCode::usage,
              fmt::format("train: the results would replace the model that training begins from, "
                          "{}. Choose another folder with --output.",
                          from));
}

int run_train(const Options& options) {
  Resumed resumed = resumed_from(options.resume, options.output);
  RunDescription run = resumed_run(options.flags, resumed);
  if (options.print_config) {
    print(to_yaml(run));
    return kSuccess;
  }
  check(run);
  std::optional<Session> session;
  std::string output = options.output.empty() ? resumed.folder : options.output;
  if (output.empty()) output = default_folder(run.data_path);
  note_paths(run, output, resumed);
  bool saved = !resumed.checkpoints.empty();
  Data data;
  Onlookers onlookers(options.onlookers, data_name(run));
  TrainCallbacks watching = onlookers.callbacks();
  watching.on_checkpoint = [&](const std::string&) { saved = true; };
  const auto train_on = is_array_data(run.data_path) ? train_on_images : train_on_table;
  const TrainResult result = train_on(run, output, session, watching, data);
  onlookers.end(result);
  OutputFolder& folder = session->folder;
  const RunDescription done{absolute(run.data_path), absolute(run.test_path), result.resolved};
  const std::string page =
      options.onlookers.no_report ? "" : page_of(result, done, data, onlookers);
  write_results(folder, result, done, page, saved);
  print_result(result, folder, !page.empty(), options.json);
  if (result.interrupted || result.out_of_time) print_note(stop_text(result, folder, saved));
  return result.interrupted ? kInterrupted : kSuccess;
}

}  // namespace

void add_train(CLI::App& program, Action& action) {
  auto options = std::make_shared<Options>();
  CLI::App* command = program.add_subcommand("train", "Train a network on a table or on images");
  command->footer("");  // not the one of the program in addition
  command->footer([] { return kExamples + describe_run_keys(); });
  add_run_flags(*command, options->flags);
  command
      ->add_option("-o,--output", options->output,
                   "Folder for the results [sinapse_<name of DATA>]")
      ->type_name("DIR")
      ->take_last();
  command
      ->add_option("--resume", options->resume,
                   "Go on with the run in this folder where its last checkpoint was saved")
      ->type_name("DIR")
      ->take_last();
  command->add_flag("--json", options->json, "Print the results as one JSON object");
  command->add_flag("--print-config", options->print_config,
                    "Print the run file that the command line amounts to, and stop");
  add_onlooker_options(*command, options->onlookers);
  command->callback([options, &action] { action = [options] { return run_train(*options); }; });
}

}  // namespace sinapse::cli
