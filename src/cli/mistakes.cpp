#include "cli/mistakes.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "data/nearest.h"

namespace sinapse::cli {

namespace {

std::vector<std::string> command_names(const CLI::App& program) {
  std::vector<std::string> names;
  for (const CLI::App* command : program.get_subcommands(nullptr)) {
    names.push_back(command->get_name());
  }
  return names;
}

std::vector<std::string> option_names(const CLI::App& command) {
  std::vector<std::string> names;
  for (const CLI::Option* option : command.get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
    for (const std::string& name : option->get_snames()) names.push_back("-" + name);
  }
  return names;
}

const CLI::App* find_command(const CLI::App& program, const std::string& name) {
  const auto commands = program.get_subcommands(nullptr);
  const auto found = std::find_if(commands.begin(), commands.end(),
                                  [&](const CLI::App* c) { return c->get_name() == name; });
  return found == commands.end() ? nullptr : *found;
}

// The first argument that looks like an option but is none.
std::optional<std::string> unknown_option(const std::vector<std::string>& known,
                                          const std::vector<std::string>& arguments) {
  for (const std::string& argument : arguments) {
    if (argument == "--") break;
    if (!argument.starts_with("--")) continue;
    const std::string name = argument.substr(0, argument.find('='));
    if (std::find(known.begin(), known.end(), name) == known.end()) return name;
  }
  return std::nullopt;
}

std::string suggestion(const std::string& wanted, const std::vector<std::string>& names,
                       const std::string& help) {
  const auto nearest = nearest_name(wanted, names);
  return nearest ? fmt::format("Did you mean \"{}\"?", *nearest) : fmt::format("See {}.", help);
}

}  // namespace

std::string explain_mistake(const CLI::App& program, const std::vector<std::string>& arguments,
                            const std::string& otherwise) {
  const std::string first = arguments.empty() ? "" : arguments.front();
  const CLI::App* command = find_command(program, first);
  if (command == nullptr && !first.starts_with('-')) {
    return fmt::format("there is no command \"{}\".{}", first,
                       did_you_mean(first, command_names(program)));
  }
  const CLI::App& asked = command == nullptr ? program : *command;
  const std::string help = (command == nullptr ? "sinapse" : "sinapse " + first) + " --help";
  const auto names = option_names(asked);
  if (const auto wrong = unknown_option(names, arguments)) {
    const std::string who = command == nullptr ? "sinapse" : "sinapse " + first;
    return fmt::format("{} has no option \"{}\". {}", who, *wrong, suggestion(*wrong, names, help));
  }
  const std::string end = otherwise.ends_with('.') ? "" : ".";
  return fmt::format("{}{} See {}.", otherwise, end, help);
}

}  // namespace sinapse::cli
