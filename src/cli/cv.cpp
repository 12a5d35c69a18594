// sinapse cv: cross-validation.
#include <memory>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <sinapse/cross_validation.h>
#include <sinapse/error.h>

#include "cli/commands.h"
#include "cli/metric_text.h"
#include "cli/model_data.h"
#include "cli/output.h"
#include "cli/predictions_csv.h"
#include "cli/progress.h"
#include "cli/run_flags.h"
#include "data/atomic_file.h"

namespace sinapse::cli {

namespace {

constexpr const char* kExamples = R"(Examples:
  sinapse cv cars.csv --target price
  sinapse cv flowers.csv --target species --folds 10 --repeats 3 --output folds.csv
  sinapse cv visits.csv --target cost --group-column patient --json
  sinapse cv --config sinapse_cars/run.yaml

Takes all flags of train. Each fold is judged by a network that has seen none of its rows, also not
for early stopping. Of several targets each is told, and the mean over them. Folds are stratified for classes, random for numbers, or by --group-column.
`from` and `to` are mean -+ t sqrt(1/n + test rows / other rows) std over the n trainings (Nadeau,
Bengio 2003): trainings share rows, which plain std / sqrt(n) would leave out.)";

struct Options {
  RunFlags flags;
  CrossValidationOptions cross_validation;
  std::string output;
  bool json = false, quiet = false;
};

void check(const RunDescription& run) {
  if (run.data_path.empty()) {
    throw Error(ErrorCode::usage,
                "cv: which data? Give a file, as in: sinapse cv cars.csv --target price");
  }
  require_target("cv", run.data_path, run.options.data.target);
  if (!run.test_path.empty()) {
    throw Error(ErrorCode::usage,
                "cv: data.test has no place here: each fold is the test part of a training.");
  }
}

void print_fold(const FoldResult& fold, const CrossValidationOptions& options) {
  std::string line =
      options.repeats > 1 ? fmt::format("repeat {}/{}  ", fold.repeat, options.repeats) : "";
  line += fmt::format("fold {}/{}  {} epochs", fold.fold, options.folds, fold.epochs);
  if (const auto metric = main_metric(fold.metrics)) {
    line += fmt::format("  {} {:.5g}", metric->first, metric->second);
  }
  print_progress(fmt::format("{}  {:.3g} s\n", line, fold.seconds));
}

std::vector<std::string> names_of(const CrossValidation& result) {
  std::map<std::string, Metrics> all;
  for (const FoldResult& fold : result.folds) {
    all["test"].insert(fold.metrics.begin(), fold.metrics.end());
  }
  return metric_names(all);
}

// The names of a target's metrics, as names_of gives those of all together.
std::vector<std::string> names_of(const MetricSummaries& summaries) {
  Metrics means;
  for (const auto& [name, summary] : summaries) means[name] = summary.mean;
  return metric_names({{"test", means}});
}

void add_cells(std::string& csv, const Metrics& metrics, const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    const auto found = metrics.find(name);
    csv += found == metrics.end() ? "," : fmt::format(",{}", found->second);
  }
}

// One row a training; the columns of one of several targets begin with its name.
std::string folds_csv(const CrossValidation& result) {
  const auto names = names_of(result);
  std::string csv = "repeat,fold,training_rows,validation_rows,test_rows,epochs,best_epoch";
  for (const std::string& name : names) csv += "," + name;
  for (const auto& [target, summaries] : result.targets) {
    for (const std::string& name : names_of(summaries)) {
      csv += "," + csv_cell(fmt::format("{}_{}", target, name));
    }
  }
  csv += "\n";
  for (const FoldResult& fold : result.folds) {
    csv += fmt::format("{},{},{},{},{},{},{}", fold.repeat, fold.fold, fold.training_rows,
                       fold.validation_rows, fold.test_rows, fold.epochs, fold.best_epoch);
    add_cells(csv, fold.metrics, names);
    for (const auto& [target, summaries] : result.targets) {
      add_cells(csv, fold.targets.at(target), names_of(summaries));
    }
    csv += "\n";
  }
  return csv;
}

std::string table_of(const MetricSummaries& summaries, const std::vector<std::string>& names,
                     const std::string& title) {
  std::vector<std::vector<std::string>> rows = {{title, "mean", "std", "from", "to"}};
  for (const std::string& name : names) {
    if (!is_essential(name)) continue;
    const MetricSummary& summary = summaries.at(name);
    rows.push_back({name, fmt::format("{:.5g}", summary.mean)});
    if (!summary.interval) continue;
    for (const double value : {summary.deviation, summary.interval->low, summary.interval->high}) {
      rows.back().push_back(fmt::format("{:.5g}", value));
    }
  }
  return format_table(rows, {Align::left, Align::right, Align::right, Align::right, Align::right});
}

std::string summary_text(const CrossValidation& result, const CrossValidationOptions& options) {
  std::string text = fmt::format(
      "{} trainings; {:.4g} % intervals by the corrected t distribution\n\n{}", result.folds.size(),
      100 * options.confidence, table_of(result.metrics, names_of(result), ""));
  for (const auto& [target, summaries] : result.targets) {
    text += "\n" + table_of(summaries, names_of(summaries), printable(target));
  }
  return text;
}

nlohmann::ordered_json json_of(const MetricSummaries& summaries,
                               const std::vector<std::string>& names) {
  nlohmann::ordered_json json;
  for (const std::string& name : names) {
    const MetricSummary& summary = summaries.at(name);
    auto& entry = json[name];
    entry = {{"mean", summary.mean}, {"std", summary.deviation}, {"trainings", summary.count}};
    if (summary.interval) entry["interval"] = {summary.interval->low, summary.interval->high};
  }
  return json;
}

nlohmann::ordered_json summary_json(const CrossValidation& result,
                                    const CrossValidationOptions& options) {
  nlohmann::ordered_json json = {
      {"folds", options.folds}, {"repeats", options.repeats}, {"confidence", options.confidence}};
  json["metrics"] = json_of(result.metrics, names_of(result));
  for (const auto& [target, summaries] : result.targets) {
    json["targets"][target] = json_of(summaries, names_of(summaries));
  }
  for (const FoldResult& fold : result.folds) {
    json["per_fold"].push_back({{"repeat", fold.repeat},
                                {"fold", fold.fold},
                                {"training_rows", fold.training_rows},
                                {"validation_rows", fold.validation_rows},
                                {"test_rows", fold.test_rows},
                                {"epochs", fold.epochs},
                                {"metrics", fold.metrics}});
    if (!fold.targets.empty()) json["per_fold"].back()["targets"] = fold.targets;
  }
  return json;
}

int run_cv(const Options& options) {
  const RunDescription run = configured_run(options.flags);
  check(run);
  const Table table = read_training_table(run.data_path, run.memory);
  const CrossValidation result =
      cross_validate(table, run.options, options.cross_validation, [&](const FoldResult& fold) {
        if (!options.quiet) print_fold(fold, options.cross_validation);
      });
  if (!options.output.empty()) write_file_atomically(options.output, folds_csv(result));
  print(options.json ? summary_json(result, options.cross_validation).dump(2) + "\n"
                     : summary_text(result, options.cross_validation));
  return kSuccess;
}

}  // namespace

void add_cv(CLI::App& program, Action& action) {
  auto options = std::make_shared<Options>();
  CLI::App* command =
      program.add_subcommand("cv", "Cross-validate: how good networks are on rows not seen");
  command->footer(kExamples);
  add_run_flags(*command, options->flags);
  CrossValidationOptions& cv = options->cross_validation;
  command->add_option("--folds", cv.folds, "Parts of the rows; each is once the test part [5]")
      ->type_name("N")
      ->take_last();
  command->add_option("--repeats", cv.repeats, "The whole again with other folds and weights [1]")
      ->type_name("N")
      ->take_last();
  command->add_option("--confidence", cv.confidence, "Of the intervals [0.95]")
      ->type_name("X")
      ->take_last();
  command->add_option("-o,--output", options->output, "Write one CSV row a training")
      ->type_name("FILE")
      ->take_last();
  command->add_flag("--json", options->json, "Print one JSON object");
  command->add_flag("-q,--quiet", options->quiet, "No progress on standard error");
  command->callback([options, &action] { action = [options] { return run_cv(*options); }; });
}

}  // namespace sinapse::cli
