// sinapse neuron: what one neuron puts out.
#include <memory>
#include <numeric>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <sinapse/activation.h>
#include <sinapse/error.h>

#include "cli/commands.h"
#include "cli/output.h"

namespace sinapse::cli {

namespace {

constexpr const char* kExamples = R"(Examples:
  sinapse neuron --weights 0.5,-1,0.25 --inputs 2,1
  sinapse neuron --weights 2,0 --inputs -3 --activation relu

The output is f(x, w) = activation(sum of w_i x_i). To the inputs a constant 1, the bias neuron, is
appended, so the last weight is the bias.)";

struct Options {
  std::vector<double> weights, inputs;
  std::string activation = "sigmoid";
};

int run_neuron(const Options& options) {
  std::vector<double> inputs = options.inputs;
  inputs.push_back(1);
  if (options.weights.size() != inputs.size()) {
    throw Error(ErrorCode::usage,
                fmt::format("neuron: expected {} weights, one for each input and the last for the "
                            "bias, got {}.",
                            inputs.size(), options.weights.size()));
  }
  const Activation activation = parse_activation(options.activation);
  const double sum = std::inner_product(inputs.begin(), inputs.end(), options.weights.begin(), 0.0);
  std::vector<std::string> terms;
  for (size_t i = 0; i < inputs.size(); ++i) {
    terms.push_back(fmt::format("{:g} * {:g}", options.weights[i], inputs[i]));
  }
  print(fmt::format("sum     {} = {:.8g}\noutput  {}({:.8g}) = {:.8g}\n", fmt::join(terms, " + "),
                    sum, to_string(activation), sum, activate(activation, sum)));
  return kSuccess;
}

}  // namespace

void add_neuron(CLI::App& program, Action& action) {
  auto options = std::make_shared<Options>();
  CLI::App* command =
      program.add_subcommand("neuron", "Compute one neuron: activation(weights times inputs)");
  command->footer(kExamples);
  command->add_option("--weights", options->weights, "One for each input, then the bias")
      ->required()
      ->delimiter(',')
      ->type_name("W,...");
  command->add_option("--inputs", options->inputs, "The features")
      ->required()
      ->delimiter(',')
      ->type_name("X,...");
  command->add_option("--activation", options->activation, "[sigmoid]")->type_name("NAME");
  command->callback([options, &action] { action = [options] { return run_neuron(*options); }; });
}

}  // namespace sinapse::cli
