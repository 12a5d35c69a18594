// sinapse forecast: the steps of time series that are still to come.
#include <memory>

#include <fmt/format.h>

#include <sinapse/forecast.h>

#include "cli/commands.h"
#include "cli/model_data.h"
#include "cli/output.h"
#include "cli/predictions_csv.h"
#include "data/atomic_file.h"
#include "data/time_step.h"

namespace sinapse::cli {

namespace {

constexpr const char* kExamples = R"(Examples:
  sinapse forecast sinapse_sales sales.csv
  sinapse forecast sinapse_sales/model.onnx sales.csv --steps 24 --output next.csv

The steps after the last value of each series, as CSV. Rows after the last value give the columns whose
future is known.)";

struct Options {
  std::string model, data, output;
  int64_t steps = 0;
  int threads = 1;
};

std::string csv_of(const Forecasts& forecasts) {
  std::string csv;
  if (!forecasts.series.empty()) csv += csv_cell(forecasts.series) + ",";
  csv += csv_cell(forecasts.time) + "," + csv_cell(forecasts.target + "_predictions") + "\n";
  for (const ForecastRow& row : forecasts.rows) {
    if (!forecasts.series.empty()) csv += csv_cell(row.series) + ",";
    csv += fmt::format("{},{}\n", format_time(row.time, forecasts.dates),
                       static_cast<float>(row.value));
  }
  return csv;
}

int run_forecast(const Options& options) {
  const Model model = load_model(options.model);
  const Forecasts forecasts =
      forecast(model, model.read(options.data), options.steps, options.threads);
  for (const std::string& remark : forecasts.remarks) print_note(remark);
  const std::string csv = csv_of(forecasts);
  if (options.output.empty())
    print(csv);
  else
    write_file_atomically(options.output, csv);
  return kSuccess;
}

}  // namespace

void add_forecast(CLI::App& program, Action& action) {
  auto options = std::make_shared<Options>();
  CLI::App* command = program.add_subcommand("forecast", "The next steps of time series, as CSV");
  command->footer(kExamples);
  command->add_option("MODEL", options->model, "model.onnx or the folder of a run")
      ->required()
      ->type_name("");
  command->add_option("DATA", options->data, "The series up to now")->required()->type_name("");
  command
      ->add_option("--steps", options->steps,
                   "How many of each series; past the model's horizon from its own forecasts "
                   "[the horizon]")
      ->check(CLI::Range(int64_t{1}, int64_t{1'000'000}))
      ->type_name("N")
      ->take_last();
  command->add_option("-o,--output", options->output, "Write here [standard output]")
      ->type_name("FILE")
      ->take_last();
  command->add_option("--threads", options->threads, "0: one for each processor [1]")
      ->check(CLI::Range(0, 1024))
      ->type_name("N")
      ->take_last();
  command->callback([options, &action] { action = [options] { return run_forecast(*options); }; });
}

}  // namespace sinapse::cli
