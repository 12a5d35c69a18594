// sinapse schema: the JSON schema of run files.
#include "cli/commands.h"
#include "cli/output.h"
#include "train/run_schema.h"

namespace sinapse::cli {

namespace {

constexpr const char* kExamples = R"(Examples:
  sinapse schema > run.schema.json

An editor that knows YAML takes it by a first line in the run file:
  # yaml-language-server: $schema=run.schema.json)";

}  // namespace

void add_schema(CLI::App& program, Action& action) {
  CLI::App* command = program.add_subcommand("schema", "Print the JSON schema of run files");
  command->footer(kExamples);
  command->callback([&action] {
    action = [] {
      print(run_schema());
      return kSuccess;
    };
  });
}

}  // namespace sinapse::cli
