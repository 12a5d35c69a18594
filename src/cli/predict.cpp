// sinapse predict: what a model says about new data.
#include <memory>

#include <sinapse/model.h>

#include "cli/commands.h"
#include "cli/model_data.h"
#include "cli/output.h"
#include "cli/predictions_csv.h"
#include "data/atomic_file.h"
#include "network/trained_network.h"

namespace sinapse::cli {

namespace {

constexpr const char* kExamples = R"(Examples:
  sinapse predict sinapse_cars new_cars.csv
  sinapse predict sinapse_cars/model.onnx new_cars.csv --output prices.csv
  sinapse predict clothes photo.jpg

Columns are found by name; their order and further columns do not matter. Pictures have a line each,
with their path.)";

struct Options {
  std::string model, data, output;
  int threads = 1;
};

std::string target_name(const Model& model) {
  const std::string& column = model.trained().target.column();
  return column.empty() ? "label" : column;
}

std::string predictions(const Model& model, const Options& options) {
  const std::string target = target_name(model);
  if (!reads_arrays(model)) {
    return predictions_csv(model.predict(model.read(options.data), options.threads), target);
  }
  const ArrayDataset samples = read_samples(model, options.data);
  return predictions_csv(model.predict(samples.inputs, options.threads), target, samples.names);
}

int run_predict(const Options& options) {
  const Model model = load_model(options.model);
  const std::string csv = predictions(model, options);
  if (options.output.empty()) {
    print(csv);
  } else {
    write_file_atomically(options.output, csv);
  }
  return kSuccess;
}

}  // namespace

void add_predict(CLI::App& program, Action& action) {
  auto options = std::make_shared<Options>();
  CLI::App* command = program.add_subcommand("predict", "Predict new rows or images, as CSV");
  command->footer(kExamples);
  command->add_option("MODEL", options->model, "model.onnx or the folder of a run")
      ->required()
      ->type_name("");
  command->add_option("DATA", options->data, "The data; a column with the answers is not needed")
      ->required()
      ->type_name("");
  command->add_option("-o,--output", options->output, "Write here [standard output]")
      ->type_name("FILE")
      ->take_last();
  command->add_option("--threads", options->threads, "0: one for each processor [1]")
      ->check(CLI::Range(0, 1024))
      ->type_name("N")
      ->take_last();
  command->callback([options, &action] { action = [options] { return run_predict(*options); }; });
}

}  // namespace sinapse::cli
