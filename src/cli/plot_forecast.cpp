#include "cli/plot_forecast.h"

#include <memory>

#include "cli/model_data.h"
#include "cli/output.h"
#include "cli/plot_output.h"
#include "figures/forecast_figure.h"

namespace sinapse::cli {

namespace {

struct Options {
  FigureOutput output;
  std::string model, data, series;
  int64_t steps = 0;
};

int plot_forecast(const Options& options) {
  const Model model = load_model(options.model);
  const Table table = model.read(options.data);
  const Forecasts forecasts = forecast(model, table, options.steps, 0);
  for (const std::string& remark : forecasts.remarks) print_note(remark);
  return show(forecast_chart(model, table, forecasts, options.series, options.output.words()),
              options.output);
}

}  // namespace

void add_forecast_figure(CLI::App& plot, Action& action) {
  auto options = std::make_shared<Options>();
  CLI::App* command =
      plot.add_subcommand("forecast", "What was seen of a series, and its next steps");
  command->add_option("MODEL", options->model, "model.onnx or the folder of a run")
      ->required()
      ->type_name("");
  command->add_option("DATA", options->data, "The series up to now")->required()->type_name("");
  command->add_option("--series", options->series, "Which one of several [the first]")
      ->type_name("ID")
      ->take_last();
  command->add_option("--steps", options->steps, "How many [the model's horizon]")
      ->check(CLI::Range(int64_t{1}, int64_t{100'000}))
      ->type_name("N")
      ->take_last();
  add_output_options(*command, options->output);
  command->callback([options, &action] { action = [options] { return plot_forecast(*options); }; });
}

}  // namespace sinapse::cli
