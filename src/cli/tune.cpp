// sinapse tune: search for the best keys of a run.
#include <filesystem>
#include <memory>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <sinapse/error.h>
#include <sinapse/tune.h>

#include "cli/command_line.h"
#include "cli/commands.h"
#include "cli/interrupt.h"
#include "cli/model_data.h"
#include "cli/output.h"
#include "cli/output_folder.h"
#include "cli/run_flags.h"
#include "cli/run_report.h"
#include "network/trained_network.h"
#include "report/report.h"
#include "train/trial_log.h"

namespace sinapse::cli {

namespace {

namespace fs = std::filesystem;

constexpr const char* kExamples = R"(Examples:
  sinapse tune cars.csv --target price --space training.learning_rate=1e-4..1e-1:log \
    --space "network.hidden=[64]|[128,64]" --trials 30
  sinapse tune cars.csv --target price --space space.yaml --method halving --epochs 81
  sinapse tune flowers.csv --target species --space space.yaml --folds 5 --metric f1_macro

Takes all flags of train. A space file has any keys of the run file, each with its range:
  training.learning_rate: {low: 1e-4, high: 1e-1, log: true}
  network.hidden: {choices: [[64], [128, 64]]}

Of several targets the mean of the metric is compared; that of each stands beside it.

Writes trials.jsonl, one line a trial as soon as it has ended, and at the end model.onnx, run.yaml,
history.csv and metrics.json of the best. The same command goes on with a search that was stopped or
killed and gives the same trials as one that was not.)";

struct Options {
  RunFlags flags;
  std::vector<std::string> spaces;
  TuneOptions tuning;
  std::string output;
  bool json = false, quiet = false;
};

SearchSpace read_space(const std::vector<std::string>& spaces) {
  SearchSpace space;
  for (const std::string& text : spaces) {
    if (text.find('=') != std::string::npos) {
      merge_space_argument(space, text);
    } else {
      merge_space(space, read_run_file(text), text);
    }
  }
  return space;
}

void check(const RunDescription& run) {
  if (run.data_path.empty()) {
    throw Error(ErrorCode::usage,
                "tune: which data? Give a file, as in: sinapse tune cars.csv "
                "--target price --space training.learning_rate=1e-4..1e-1:log");
  }
  require_target("tune", run.data_path, run.options.data.target);
  if (!run.test_path.empty()) {
    throw Error(ErrorCode::usage,
                "tune: data.test has no place here; evaluate the model that comes out instead.");
  }
}

std::string default_folder(const std::string& data) {
  std::string stem = fs::path(data).filename().string();
  if (fs::path(stem).extension() == ".gz") stem = fs::path(stem).stem().string();
  return "sinapse_tune_" + fs::path(stem).stem().string();
}

std::string values_text(const Trial& trial) {
  std::string text;
  for (const auto& [key, value] : trial.values) text += fmt::format("  {}={}", key, value);
  return trial.epochs > 0 ? fmt::format("{}  training.epochs={}", text, trial.epochs) : text;
}

std::string score_text(const Trial& trial) {
  std::string text = trial.score ? fmt::format("{:.5g}", *trial.score) : "failed";
  for (const auto& [target, score] : trial.targets) {
    text += fmt::format("  {} {:.5g}", printable(target), score);
  }
  return text;
}

void print_trial(const Trial& trial, int64_t trials) {
  print_progress(fmt::format("trial {}/{}  {}{}\n", trial.number, trials, score_text(trial),
                             printable(values_text(trial))));
}

nlohmann::ordered_json to_json(const TuneResult& result, const OutputFolder& folder) {
  const Trial& best = result.trials[result.best];
  nlohmann::ordered_json json = {{"trials", result.trials.size()},
                                 {"best", {{"trial", best.number}, {"values", best.values}}}};
  json["best"]["score"] = *best.score;
  if (!best.targets.empty()) json["best"]["targets"] = best.targets;
  json["result"] = report_json(result.trained);
  for (const char* name :
       {"model.onnx", "run.yaml", "history.csv", "metrics.json", "report.html", "trials.jsonl"}) {
    json["files"][fs::path(name).stem().string()] = folder.path(name);
  }
  return json;
}

std::string text_of(const TuneResult& result, const OutputFolder& folder) {
  const Trial& best = result.trials[result.best];
  return fmt::format("{} trials; the best was {}: {}{}\ntrials    {}\n\n{}", result.trials.size(),
                     best.number, score_text(best), printable(values_text(best)),
                     folder.path("trials.jsonl"),
                     report_text(result.trained, folder, /*has_page=*/true));
}

std::string page_of(const TuneResult& result, const TuneOptions& tuning, const RunDescription& run,
                    const Table& table, const KeptAnswers& answers) {
  const bool classes = is_classification(result.trained.model.trained().target.task());
  const std::string usual = classes ? "log_loss" : "rmse";
  const SearchSummary search{tuning.metric.empty() ? usual : tuning.metric, result.trials};
  Team team(result.trained.resolved.training.threads);
  return report_page({.result = result.trained,
                      .answers = answers,
                      .name = fs::path(run.data_path).filename().string(),
                      .command = command_line(),
                      .run_file = to_yaml(run),
                      .remarks = {},
                      .threads = team.num_threads(),
                      .table = &table,
                      .search = &search},
                     team);
}

int run_tune(const Options& options) {
  const RunDescription run = configured_run(options.flags);
  check(run);
  const SearchSpace space = read_space(options.spaces);
  const int64_t planned = planned_trials(options.tuning, run.options);
  const Table table = read_training_table(run.data_path, run.memory);
  const InterruptGuard guard;
  KeptAnswers answers;  // of the last training, which is that with the best values
  OutputFolder folder(options.output.empty() ? default_folder(run.data_path) : options.output);
  TrialLog log(folder.path("trials.jsonl"),
               describe_search(table, run.options, space, options.tuning));
  if (!options.quiet && !log.trials().empty()) {
    print_note(fmt::format("going on after trial {}.", log.trials().size()));
  }
  const auto on_trial = [&](const Trial& trial) {
    log.append(trial);
    if (!options.quiet) print_trial(trial, planned);
  };
  const TuneResult result =
      tune(table, run.options, space, options.tuning, log.trials(), on_trial,
           {.should_stop = [] { return InterruptGuard::interrupted(); }, .observers = {&answers}});
  const RunDescription done{fs::absolute(run.data_path).lexically_normal().string(), "",
                            result.trained.resolved};
  write_run(folder, result.trained, done, page_of(result, options.tuning, done, table, answers));
  print(options.json ? to_json(result, folder).dump(2) + "\n" : text_of(result, folder));
  return kSuccess;
}

}  // namespace

void add_tune(CLI::App& program, Action& action) {
  auto options = std::make_shared<Options>();
  CLI::App* command =
      program.add_subcommand("tune", "Search for the best learning rate, network...");
  command->footer(kExamples);
  add_run_flags(*command, options->flags);
  command
      ->add_option("--space", options->spaces,
                   "What to vary: a file, or KEY=LOW..HIGH, KEY=LOW..HIGH:log or KEY=A|B|C; can be "
                   "given several times")
      ->required()
      ->type_name("SPACE")
      ->allow_extra_args(false);
  TuneOptions& tuning = options->tuning;
  command->add_option("--method", tuning.method, "tpe, random or halving [tpe]")
      ->type_name("NAME")
      ->take_last();
  command
      ->add_option("--trials", tuning.trials,
                   "Trainings; of halving, those of the first round [20]")
      ->type_name("N")
      ->take_last();
  command
      ->add_option("--metric", tuning.metric,
                   "What is compared, on the validation rows [log_loss for classes, else rmse]")
      ->type_name("NAME")
      ->take_last();
  command->add_option("--folds", tuning.folds, "Compare means of cross-validation instead [0]")
      ->type_name("N")
      ->take_last();
  command->add_option("--search-seed", tuning.seed, "Of the search; --seed is of the trainings [1]")
      ->type_name("N")
      ->take_last();
  command
      ->add_option("-o,--output", options->output,
                   "Folder for the results [sinapse_tune_<name of DATA>]")
      ->type_name("DIR")
      ->take_last();
  command->add_flag("--json", options->json, "Print one JSON object");
  command->add_flag("-q,--quiet", options->quiet, "No progress on standard error");
  command->callback([options, &action] { action = [options] { return run_tune(*options); }; });
}

}  // namespace sinapse::cli
