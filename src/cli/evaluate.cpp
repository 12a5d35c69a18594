// sinapse evaluate: how good a model is on data with known answers.
#include <memory>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <sinapse/error.h>
#include <sinapse/model.h>

#include "cli/command_line.h"
#include "cli/commands.h"
#include "cli/evaluate_series.h"
#include "cli/metric_text.h"
#include "cli/model_data.h"
#include "cli/output.h"
#include "data/atomic_file.h"
#include "features/unknown_texts.h"
#include "network/trained_network.h"
#include "report/evaluation_page.h"

namespace sinapse::cli {

namespace {

constexpr const char* kExamples = R"(Examples:
  sinapse evaluate sinapse_cars more_cars.csv
  sinapse evaluate clothes/model.onnx pictures/ --json
  sinapse evaluate sinapse_cars more_cars.csv --bootstrap 1000
  sinapse evaluate sinapse_cars more_cars.csv --report more_cars.html

Of a model of series every forecast that the file can judge counts, step by step, beside the simple ways.
Classes are told one by one, with the confusion matrix; so are several targets. --json prints all
metrics. --bootstrap adds intervals: how far metrics vary over resamples
of the rows (percentiles; they say nothing of how they vary over trainings). --report writes a page with
figures, the rows that are most wrong, and what the model relies on.)";

struct Options {
  std::string model, data, report;
  bool json = false;
  EvaluationOptions evaluation;
};

struct NamedEvaluation {
  std::string data;
  Evaluation evaluation;
};

void write_page(const Model& model, const Evaluation& evaluation, const EvaluatedData& data,
                const Options& options) {
  if (options.report.empty()) return;
  write_file_atomically(options.report, evaluation_page(model, evaluation, data, command_line(),
                                                        options.evaluation.threads));
}

NamedEvaluation evaluate_table(const Model& model, const Options& options) {
  const Table table = model.read(options.data);
  NamedEvaluation result{options.data, model.evaluate(table, options.evaluation)};
  if (const auto& features = model.trained().features) {
    UnknownTexts unknown(*features);
    unknown.count(table);
    print_notes(unknown.remarks());
  }
  write_page(model, result.evaluation, {.name = result.data, .table = &table}, options);
  return result;
}

NamedEvaluation evaluate_arrays(const Model& model, const Options& options) {
  NamedSamples data = read_labelled_samples(model, options.data);
  NamedEvaluation result{data.name, model.evaluate(data.samples, options.evaluation)};
  const ImageFolder samples{.train = std::move(data.samples)};
  write_page(model, result.evaluation, {.name = result.data, .samples = &samples}, options);
  return result;
}

std::string text_of(const NamedEvaluation& result, const EvaluationOptions& options) {
  const Evaluation& evaluation = result.evaluation;
  std::string head =
      fmt::format("{}: {} rows", printable(result.data), with_thousands(evaluation.rows));
  if (options.bootstrap > 0) {
    head += fmt::format("; {:.4g} % intervals from {} resamples", 100 * options.confidence,
                        options.bootstrap);
  }
  return head + "\n\n" + evaluation_text(evaluation);
}

int run_evaluate(const Options& options) {
  const Model model = load_model(options.model);
  if (model.trained().series) {
    if (options.evaluation.bootstrap > 0)
      throw Error(ErrorCode::usage, "evaluate: --bootstrap is not for forecasts of series.");
    print_forecast_evaluation(model, options.data, options.evaluation.threads, options.json,
                              options.report);
    return kSuccess;
  }
  const auto evaluate = reads_arrays(model) ? evaluate_arrays : evaluate_table;
  const NamedEvaluation result = evaluate(model, options);
  if (options.json) {
    nlohmann::ordered_json json = {{"data", result.data}};
    json.update(to_json(result.evaluation));
    if (!options.report.empty()) json["files"]["report"] = options.report;
    print(json.dump(2) + "\n");
  } else {
    print(text_of(result, options.evaluation));
    if (!options.report.empty()) print(fmt::format("\nreport    {}\n", options.report));
  }
  return kSuccess;
}

}  // namespace

void add_evaluate(CLI::App& program, Action& action) {
  auto options = std::make_shared<Options>();
  CLI::App* command =
      program.add_subcommand("evaluate", "Measure a model on data with known answers");
  command->footer(kExamples);
  command->add_option("MODEL", options->model, "model.onnx or the folder of a run")
      ->required()
      ->type_name("");
  command->add_option("DATA", options->data, "The data; of a folder of images, the test files")
      ->required()
      ->type_name("");
  command->add_flag("--json", options->json, "Print one JSON object");
  command
      ->add_option("--bootstrap", options->evaluation.bootstrap,
                   "Add intervals from N resamples of the rows, e.g. 1000 [0]")
      ->type_name("N")
      ->take_last();
  command
      ->add_option("--confidence", options->evaluation.confidence,
                   "Share of the resamples within an interval [0.95]")
      ->type_name("X")
      ->take_last();
  command->add_option("--report", options->report, "Write a page to look at")
      ->type_name("FILE.html")
      ->take_last();
  command->add_option("--threads", options->evaluation.threads, "0: one for each processor [1]")
      ->check(CLI::Range(0, 1024))
      ->type_name("N")
      ->take_last();
  command->callback([options, &action] { action = [options] { return run_evaluate(*options); }; });
}

}  // namespace sinapse::cli
