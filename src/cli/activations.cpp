// sinapse activations: the table of activation functions.
#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include <sinapse/activation.h>

#include "cli/commands.h"
#include "cli/output.h"

namespace sinapse::cli {

namespace {

constexpr const char* kExamples = R"~(Examples:
  sinapse activations
  sinapse activations leaky_relu elu
  sinapse train cars.csv --target price --activation "leaky_relu(alpha=0.2)")~";

struct Options {
  std::vector<std::string> names;
  bool json = false;
};

std::string signature(const ActivationDefinition& definition) {
  std::vector<std::string> constants;
  for (const ActivationConstant& constant : definition.constants) {
    constants.push_back(fmt::format("{}={}", constant.name, constant.default_value));
  }
  if (constants.empty()) return std::string(definition.name);
  return fmt::format("{}({})", definition.name, fmt::join(constants, ", "));
}

std::string describe(const ActivationDefinition& definition) {
  std::string text = signature(definition) + "\n";
  text += fmt::format("  f(x)  = {}\n  f'(x) = {}\n", definition.formula, definition.derivative);
  for (const ActivationConstant& constant : definition.constants) {
    text += fmt::format("  {}: {}\n", constant.name, constant.doc);
  }
  text += fmt::format("  {}", definition.doc);
  if (!definition.source.empty()) text += fmt::format(" ({})", definition.source);
  text += "\n";
  if (!definition.aliases.empty()) {
    text += fmt::format("  also: {}\n", fmt::join(definition.aliases, ", "));
  }
  return text;
}

nlohmann::ordered_json to_json(const ActivationDefinition& definition) {
  auto constants = nlohmann::ordered_json::array();
  for (const ActivationConstant& constant : definition.constants) {
    constants.push_back(
        {{"name", constant.name}, {"default", constant.default_value}, {"doc", constant.doc}});
  }
  return {{"name", definition.name},
          {"aliases", definition.aliases},
          {"formula", definition.formula},
          {"derivative", definition.derivative},
          {"constants", std::move(constants)},
          {"row_wise", definition.row_wise},
          {"doc", definition.doc},
          {"source", definition.source}};
}

std::vector<const ActivationDefinition*> chosen(const std::vector<std::string>& names) {
  if (names.empty()) return activations();
  std::vector<const ActivationDefinition*> definitions;
  for (const std::string& name : names) definitions.push_back(parse_activation(name).definition);
  return definitions;
}

int run_activations(const Options& options) {
  const auto definitions = chosen(options.names);
  if (options.json) {
    nlohmann::ordered_json json;
    for (const auto* definition : definitions) json["activations"].push_back(to_json(*definition));
    print(json.dump(2) + "\n");
    return kSuccess;
  }
  for (const auto* definition : definitions) {
    if (definition != definitions.front()) print("\n");
    print(describe(*definition));
  }
  return kSuccess;
}

}  // namespace

void add_activations(CLI::App& program, Action& action) {
  auto options = std::make_shared<Options>();
  CLI::App* command = program.add_subcommand(
      "activations", "List the activation functions: formulas, derivatives, constants, sources");
  command->footer(kExamples);
  command->add_option("NAME", options->names, "Only these")->type_name("");
  command->add_flag("--json", options->json, "Print one JSON object");
  command->callback(
      [options, &action] { action = [options] { return run_activations(*options); }; });
}

}  // namespace sinapse::cli
