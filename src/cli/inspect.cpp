// sinapse inspect: what a model is made of.
#include <memory>

#include <sinapse/model.h>

#include "cli/commands.h"
#include "cli/model_data.h"
#include "cli/model_description.h"
#include "cli/network_graph.h"
#include "cli/output.h"

namespace sinapse::cli {

namespace {

constexpr const char* kExamples = R"(Examples:
  sinapse inspect sinapse_cars
  sinapse inspect sinapse_cars/model.onnx --json
  sinapse inspect sinapse_cars --graph mermaid
  sinapse inspect sinapse_cars --graph dot | dot -Tsvg > network.svg

Multiply-adds are those of products, convolutions, recurrent cells and attention for one row, of a sequence
all its steps; bytes are those of a layer's weights and of its output for one row.)";

struct Options {
  std::string model;
  std::string graph;
  bool json = false;
};

int run_inspect(const Options& options) {
  const Model model = load_model(options.model);
  if (!options.graph.empty()) {
    print(network_graph(model, options.graph));
    return kSuccess;
  }
  const auto description = describe_model(model);
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
  auto* json = command->add_flag("--json", options->json, "Print one JSON object");
  command
      ->add_option("--graph", options->graph,
                   "Print the network as a graph instead: dot (Graphviz) or mermaid")
      ->check(CLI::IsMember({"dot", "mermaid"}))
      ->type_name("FORM")
      ->excludes(json);
  command->callback([options, &action] { action = [options] { return run_inspect(*options); }; });
}

}  // namespace sinapse::cli
