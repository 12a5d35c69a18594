// sinapse evaluate: how good a model is on data with known answers.
#include <memory>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <sinapse/error.h>
#include <sinapse/model.h>

#include "cli/commands.h"
#include "cli/model_data.h"
#include "cli/output.h"
#include "cli/run_report.h"

namespace sinapse::cli {

namespace {

constexpr const char* kExamples = R"(Examples:
  sinapse evaluate sinapse_cars more_cars.csv
  sinapse evaluate clothes/model.onnx pictures/ --json)";

struct Options {
  std::string model, data;
  bool json = false;
  int threads = 1;
};

struct Evaluation {
  std::string data;
  int64_t rows = 0;
  Metrics metrics;
};

Evaluation evaluate_table(const Model& model, const Options& options) {
  const Table table = model.read(options.data);
  return {options.data, table.num_rows(), model.evaluate(table, options.threads)};
}

Evaluation evaluate_arrays(const Model& model, const Options& options) {
  const NamedSamples data = read_labelled_samples(options.data);
  return {data.name, static_cast<int64_t>(data.samples.labels.size()),
          model.evaluate(data.samples, options.threads)};
}

int run_evaluate(const Options& options) {
  const Model model = load_model(options.model);
  const auto evaluate = reads_arrays(model) ? evaluate_arrays : evaluate_table;
  const Evaluation result = evaluate(model, options);
  if (options.json) {
    const nlohmann::ordered_json json = {
        {"data", result.data}, {"rows", result.rows}, {"metrics", result.metrics}};
    print(json.dump(2) + "\n");
  } else {
    print(fmt::format("{}: {} rows\n\n{}", printable(result.data), with_thousands(result.rows),
                      metrics_table({{"test", result.metrics}})));
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
  command->add_option("--threads", options->threads, "0: one for each processor [1]")
      ->check(CLI::Range(0, 1024))
      ->type_name("N")
      ->take_last();
  command->callback([options, &action] { action = [options] { return run_evaluate(*options); }; });
}

}  // namespace sinapse::cli
