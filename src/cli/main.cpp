// The program `sinapse`: finds the subcommand, runs it, and turns errors into messages and exit
// codes.
#include <cstdio>
#include <exception>
#include <new>
#include <string>

#include <sinapse/error.h>

#include "cli/command_line.h"
#include "cli/commands.h"
#include "cli/mistakes.h"
#include "cli/output.h"

namespace sinapse::cli {

namespace {

constexpr const char* kDescription =
    "Trains neural networks on tables, time series and images; the result is a standard ONNX file.";

constexpr const char* kExamples = R"(Examples:
  sinapse train cars.csv --target price
  sinapse evaluate sinapse_cars more_cars.csv
  sinapse predict sinapse_cars new_cars.csv --output prices.csv
  sinapse inspect sinapse_cars
  sinapse forecast sinapse_sales sales.csv --steps 24

`sinapse COMMAND --help` explains a command.
Exit codes: 0 success, 1 failure, 2 wrong usage, 3 something found (check), 130 stopped by
Ctrl-C with everything saved.)";

void add_commands(CLI::App& program, Action& action) {
  program.require_subcommand(1);
  program.set_version_flag("--version", version_text,
                           "Print the version and the instruction set in use");
  program.footer(kExamples);
  add_train(program, action);
  add_cv(program, action);
  add_range(program, action);
  add_tune(program, action);
  add_evaluate(program, action);
  add_predict(program, action);
  add_explain(program, action);
  add_forecast(program, action);
  add_check(program, action);
  add_inspect(program, action);
  add_list(program, action);
  add_schema(program, action);
  add_activations(program, action);
  add_softmax(program, action);
  add_neuron(program, action);
  add_plot(program, action);
}

int exit_code(ErrorCode code) {
  if (code == ErrorCode::usage) return kUsageError;
  return code == ErrorCode::interrupted ? kInterrupted : kFailure;
}

int report(const std::string& message, int code) {
  print_error(message);
  return code;
}

int run(int argc, char** argv) {
  CLI::App program(kDescription, "sinapse");
  Action action;
  add_commands(program, action);
  if (argc == 1) {
    std::fputs(program.help().c_str(), stderr);
    return kUsageError;
  }
  note_command_line(argc, argv);
  try {
    program.parse(argc, argv);
  } catch (const CLI::Success& asked_for_help) {
    program.exit(asked_for_help);
    flush_output();
    return kSuccess;
  } catch (const CLI::ParseError& error) {
    return report(explain_mistake(program, {argv + 1, argv + argc}, error.what()), kUsageError);
  }
  const int code = action();
  flush_output();
  return code;
}

}  // namespace

}  // namespace sinapse::cli

int main(int argc, char** argv) {
  using namespace sinapse;
  try {
    return cli::run(argc, argv);
  } catch (const Error& error) {
    return cli::report(error.what(), cli::exit_code(error.code()));
  } catch (const std::bad_alloc&) {
    return cli::report(
        "not enough memory for this. Give more (ulimit -v says how much there is), or take "
        "fewer --threads, a smaller --batch-size or network.",
        cli::kFailure);
  } catch (const std::exception& error) {
    return cli::report(error.what(), cli::kFailure);
  }
}
