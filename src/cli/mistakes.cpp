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

/// The innermost command that the first arguments name, and its words: "plot roc".
struct Asked {
  const CLI::App* command;
  std::string words;
  std::string next;  // the argument after them
};

Asked asked_command(const CLI::App& program, const std::vector<std::string>& arguments) {
  Asked asked{&program, "", ""};
  for (const std::string& argument : arguments) {
    asked.next = argument;
    const CLI::App* command = find_command(*asked.command, argument);
    if (command == nullptr) return asked;
    asked.command = command;
    asked.words += (asked.words.empty() ? "" : " ") + argument;
  }
  asked.next.clear();
  return asked;
}

std::string suggestion(const std::string& wanted, const std::vector<std::string>& names,
                       const std::string& help) {
  const auto nearest = nearest_name(wanted, names);
  return nearest ? fmt::format("Did you mean \"{}\"?", *nearest) : fmt::format("See {}.", help);
}

}  // namespace

std::string explain_mistake(const CLI::App& program, const std::vector<std::string>& arguments,
                            const std::string& otherwise) {
  const Asked asked = asked_command(program, arguments);
  const std::string who = asked.words.empty() ? "sinapse" : "sinapse " + asked.words;
  const std::vector<std::string> commands = command_names(*asked.command);
  if (!commands.empty() && !asked.next.empty() && !asked.next.starts_with('-')) {
    const std::string place = asked.words.empty() ? "" : fmt::format(" of {}", who);
    return fmt::format("there is no command \"{}\"{}.{}", asked.next, place,
                       did_you_mean(asked.next, commands));
  }
  const std::string help = who + " --help";
  if (const auto wrong = unknown_option(option_names(*asked.command), arguments)) {
    return fmt::format("{} has no option \"{}\". {}", who, *wrong,
                       suggestion(*wrong, option_names(*asked.command), help));
  }
  const std::string end = otherwise.ends_with('.') ? "" : ".";
  return fmt::format("{}{} See {}.", otherwise, end, help);
}

}  // namespace sinapse::cli
