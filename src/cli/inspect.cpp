// sinapse inspect: what a model is made of.
#include <memory>

#include <sinapse/model.h>

#include "cli/commands.h"
#include "cli/model_data.h"
#include "cli/model_description.h"
#include "cli/output.h"

namespace sinapse::cli {

namespace {

constexpr const char* kExamples = R"(Examples:
  sinapse inspect sinapse_cars
  sinapse inspect sinapse_cars/model.onnx --json)";

struct Options {
  std::string model;
  bool json = false;
};

int run_inspect(const Options& options) {
  const auto description = describe_model(load_model(options.model));
  print(options.json ? description.dump(2) + "\n" : model_text(description));
  return kSuccess;
}

}  // namespace

void add_inspect(CLI::App& program, Action& action) {
  auto options = std::make_shared<Options>();
  CLI::App* command = program.add_subcommand(
      "inspect", "Show a model: layers, inputs, fitted preprocessing, target, how it was trained");
  command->footer(kExamples);
  command->add_option("MODEL", options->model, "model.onnx or the folder of a run")
      ->required()
      ->type_name("");
  command->add_flag("--json", options->json, "Print one JSON object");
  command->callback([options, &action] { action = [options] { return run_inspect(*options); }; });
}

}  // namespace sinapse::cli
