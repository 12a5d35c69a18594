// sinapse plot: figures as SVG, PNG, or in the terminal.
#include <memory>

#include "cli/commands.h"
#include "cli/output.h"
#include "cli/plot_forecast.h"
#include "cli/plot_inside.h"
#include "cli/plot_model.h"
#include "cli/plot_output.h"
#include "figures/activation_figures.h"
#include "figures/history_figure.h"

namespace sinapse::cli {

namespace {

constexpr const char* kExamples = R"~(Examples:
  sinapse plot activation sigmoid tanh relu
  sinapse plot activation elu "leaky_relu(alpha=0.2)" --derivative --output elu.svg
  sinapse plot neuron --activation sigmoid --weights 0.5,1,1.5,2 --biases 0
  sinapse plot vanishing sigmoid tanh relu --layers 20
  sinapse plot history sinapse_cars another_run --output curves.png
  sinapse plot network sinapse_cars --output network.svg
  sinapse plot confusion flowers/model.onnx more_flowers.csv
  sinapse plot surface flowers more_flowers.csv --features petal,sepal
  sinapse plot forecast sinapse_sales sales.csv --steps 24

On a terminal a figure is drawn there; otherwise it is written as SVG to standard output, or to
--output FILE.svg or FILE.png.)~";

struct Options {
  FigureOutput output;
  std::vector<std::string> names;
  std::vector<double> range{-6, 6};
  bool derivative = false;
  std::string activation = "sigmoid";
  std::vector<double> weights{0.5, 1, 1.5, 2}, biases{0};
  int layers = 20;
  double at = 1;
};

std::vector<Activation> parse_all(const std::vector<std::string>& names) {
  std::vector<Activation> parsed;
  for (const std::string& name : names) parsed.push_back(parse_activation(name));
  return parsed;
}

Range range_of(const Options& options) {
  return {options.range[0], options.range[1]};
}

int plot_activation(const Options& options) {
  return show(activation_chart(parse_all(options.names), range_of(options), options.derivative,
                               options.output.words()),
              options.output);
}

int plot_neuron(const Options& options) {
  return show(neuron_chart(parse_activation(options.activation), options.weights, options.biases,
                           range_of(options), options.output.words()),
              options.output);
}

int plot_vanishing(const Options& options) {
  return show(
      vanishing_chart(parse_all(options.names), options.layers, options.at, options.output.words()),
      options.output);
}

int plot_history(const Options& options) {
  std::vector<History> runs;
  for (const std::string& name : options.names) runs.push_back(read_history(name));
  return show(history_charts(runs, options.output.words()), options.output);
}

using Plot = int (*)(const Options&);

CLI::App* add_figure(CLI::App& plot, Action& action, const std::shared_ptr<Options>& options,
                     const char* name, const char* description, Plot function) {
  CLI::App* command = plot.add_subcommand(name, description);
  add_output_options(*command, options->output);
  command->callback([options, function, &action] {
    action = [options, function] { return function(*options); };
  });
  return command;
}

void add_names(CLI::App& command, const std::shared_ptr<Options>& options, const char* name,
               const char* description) {
  command.add_option(name, options->names, description)->required()->type_name("");
}

void add_range(CLI::App& command, const std::shared_ptr<Options>& options) {
  command.add_option("--range", options->range, "From where to where x goes [-6,6]")
      ->delimiter(',')
      ->expected(2)
      ->type_name("LOW,HIGH");
}

}  // namespace

void add_plot(CLI::App& program, Action& action) {
  auto options = std::make_shared<Options>();
  CLI::App* plot =
      program.add_subcommand("plot", "Draw figures: activations, learning curves, ...");
  plot->require_subcommand(1);
  plot->footer(kExamples);

  CLI::App* activation = add_figure(*plot, action, options, "activation",
                                    "Activation functions or their derivatives", plot_activation);
  add_names(*activation, options, "NAME", "Activations, with constants: \"elu(alpha=0.5)\"");
  activation->add_flag("--derivative", options->derivative, "f'(x) instead of f(x)");
  add_range(*activation, options);

  CLI::App* neuron =
      add_figure(*plot, action, options, "neuron",
                 "One neuron f(w x + b) with several weights or biases", plot_neuron);
  neuron->add_option("--activation", options->activation, "[sigmoid]")->type_name("NAME");
  neuron->add_option("--weights", options->weights, "[0.5,1,1.5,2]")
      ->delimiter(',')
      ->type_name("W,...");
  neuron->add_option("--biases", options->biases, "[0]")->delimiter(',')->type_name("B,...");
  add_range(*neuron, options);

  CLI::App* vanishing =
      add_figure(*plot, action, options, "vanishing",
                 "What is left of a derivative after many layers", plot_vanishing);
  add_names(*vanishing, options, "NAME", "Activations");
  vanishing->add_option("--layers", options->layers, "How many [20]")
      ->check(CLI::Range(1, 10000))
      ->type_name("N");
  vanishing->add_option("--at", options->at, "Where the derivative is taken [1]")->type_name("X");

  CLI::App* history = add_figure(*plot, action, options, "history",
                                 "Learning curves of one or several runs", plot_history);
  add_names(*history, options, "RUN", "Folders of runs, or history.csv files");

  add_model_figures(*plot, action);
  add_inside_figures(*plot, action);
  add_forecast_figure(*plot, action);
}

}  // namespace sinapse::cli
