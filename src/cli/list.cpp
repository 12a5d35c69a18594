// sinapse list: what can be chosen by name.
#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "cli/commands.h"
#include "cli/output.h"
#include "cli/reference.h"
#include "train/catalogue.h"

namespace sinapse::cli {

namespace {

constexpr const char* kExamples = R"~(Examples:
  sinapse list
  sinapse list optimizers
  sinapse list activations leaky_relu elu
  sinapse list keys --json
  sinapse train cars.csv --target price --activation "leaky_relu(alpha=0.2)")~";

struct Options {
  std::string section;
  std::vector<std::string> names;
  bool json = false;
  bool markdown = false;
};

std::string line(const char* label, const std::string& text) {
  return text.empty() ? "" : fmt::format("  {}{}\n", label, text);
}

std::string describe(const CatalogueEntry& entry) {
  std::string text = entry.signature() + "\n";
  text += line(entry.derivative.empty() ? "" : "f(x)  = ", entry.formula);
  text += line("f'(x) = ", entry.derivative);
  for (const CatalogueConstant& constant : entry.constants) {
    text += line("", (constant.name.empty() ? "" : constant.name + ": ") + constant.doc);
  }
  text += line("", entry.source.empty() ? entry.doc : entry.doc + " (" + entry.source + ")");
  if (!entry.written_out.empty()) text += entry.written_out + "\n";
  text += line("also: ", fmt::format("{}", fmt::join(entry.aliases, ", ")));
  return text;
}

nlohmann::ordered_json to_json(const CatalogueEntry& entry) {
  nlohmann::ordered_json json{{"name", entry.name}};
  if (!entry.aliases.empty()) json["aliases"] = entry.aliases;
  if (!entry.formula.empty()) json["formula"] = entry.formula;
  if (!entry.derivative.empty()) json["derivative"] = entry.derivative;
  for (const CatalogueConstant& constant : entry.constants) {
    json["constants"].push_back(
        {{"name", constant.name}, {"default", constant.default_value}, {"doc", constant.doc}});
  }
  if (!entry.doc.empty()) json["doc"] = entry.doc;
  if (!entry.source.empty()) json["source"] = entry.source;
  if (!entry.written_out.empty()) json["written_out"] = entry.written_out;
  return json;
}

std::vector<CatalogueEntry> chosen(const CatalogueSection& section,
                                   const std::vector<std::string>& names) {
  if (names.empty()) return section.entries;
  std::vector<CatalogueEntry> entries;
  for (const std::string& name : names) entries.push_back(section.entry(name));
  return entries;
}

// The names in lines of at most 100 columns.
std::string wrapped_names(const CatalogueSection& section) {
  std::string text, names = " ";
  for (const CatalogueEntry& entry : section.entries) {
    if (names.size() + entry.name.size() >= 100) {
      text += names + "\n";
      names = " ";
    }
    names += " " + entry.name;
  }
  return text + names + "\n";
}

std::string overview(const std::vector<CatalogueSection>& sections) {
  std::string text;
  for (const CatalogueSection& section : sections) {
    text += fmt::format("{} ({})\n{}", section.name, section.usage, wrapped_names(section));
  }
  return text;
}

std::string as_text(const std::vector<CatalogueSection>& sections, const Options& options) {
  if (options.markdown) return reference(sections);
  if (options.section.empty()) return overview(sections);
  std::string text;
  for (const CatalogueEntry& entry : sections.front().entries) {
    text += (text.empty() ? "" : "\n") + describe(entry);
  }
  return text;
}

int run_list(const Options& options) {
  std::vector<CatalogueSection> sections;
  if (options.section.empty()) {
    sections = catalogue();
  } else {
    sections = {catalogue_section(options.section)};
    sections.front().entries = chosen(sections.front(), options.names);
  }
  if (!options.json) {
    print(as_text(sections, options));
    return kSuccess;
  }
  nlohmann::ordered_json json;
  for (const CatalogueSection& section : sections) {
    for (const auto& entry : section.entries) json[section.name].push_back(to_json(entry));
  }
  print(json.dump(2) + "\n");
  return kSuccess;
}

void add_output_flags(CLI::App& command, const std::shared_ptr<Options>& options, Action& action) {
  command.footer(kExamples);
  command.add_option("NAME", options->names, "Only these")->type_name("");
  auto* json = command.add_flag("--json", options->json, "Print one JSON object");
  command.add_flag("--markdown", options->markdown, "Print the tables of the manual's reference")
      ->excludes(json);
  command.callback([options, &action] { action = [options] { return run_list(*options); }; });
}

}  // namespace

void add_list(CLI::App& program, Action& action) {
  auto options = std::make_shared<Options>();
  CLI::App* command =
      program.add_subcommand("list", "List what can be chosen by name, and all keys of a run file");
  command->add_option("LIST", options->section, "activations, optimizers, layers, keys, ...")
      ->type_name("");
  add_output_flags(*command, options, action);
}

void add_activations(CLI::App& program, Action& action) {
  auto options = std::make_shared<Options>();
  options->section = "activations";
  CLI::App* command = program.add_subcommand(
      "activations", "List the activation functions: formulas, derivatives, constants, sources");
  add_output_flags(*command, options, action);
}

}  // namespace sinapse::cli
