// sinapse predict: what a model says about new data.
#include <memory>
#include <optional>

#include <sinapse/error.h>
#include <sinapse/model.h>

#include "cli/commands.h"
#include "cli/model_data.h"
#include "cli/output.h"
#include "cli/predictions_csv.h"
#include "cli/stream.h"
#include "data/atomic_file.h"
#include "data/column_cells.h"
#include "data/sequences.h"
#include "features/unknown_texts.h"
#include "network/trained_network.h"

namespace sinapse::cli {

namespace {

constexpr const char* kExamples = R"(Examples:
  sinapse predict sinapse_cars new_cars.csv
  sinapse predict sinapse_cars/model.onnx new_cars.csv --output prices.csv
  sinapse predict clothes photo.jpg
  sensors | sinapse predict gestures - --stream --state-by device

Columns are found by name; their order and further columns do not matter. Pictures have a line each,
with their path.)";

struct Options {
  std::string model, data, output;
  int threads = 1;
  bool stream = false;
  StreamOptions streaming;
};

// Rows that come one by one.
int run_stream(const Options& options) {
  if (options.data != "-" || !options.output.empty()) {
    throw Error(ErrorCode::usage,
                "predict: --stream reads standard input and writes standard output: give - as "
                "DATA, and no --output.");
  }
  stream_predictions(load_model(options.model), options.streaming);
  return kSuccess;
}

// A line for each sequence, in the order of their first rows, or for each row of the file; in front
// of it the text that tells sequences apart. The whole file is needed at once.
void predict_sequences(const Model& model, const Options& options, const TakeBytes& write) {
  const Table table = model.read(options.data);
  const std::vector<Predictions> predictions = model.predict_each(table, options.threads);
  const SequenceColumns& columns = *model.trained().sequences;
  std::vector<std::string> ids;
  if (columns.per_row) {
    const Column& id = table.column(columns.id);
    const ColumnCells cells(id);
    for (int64_t row = 0; row < table.num_rows(); ++row)
      ids.push_back(id.categories[static_cast<size_t>(cells.code(row))]);
  } else {
    ids = sequences_of(table, columns.id, columns.order).ids;
  }
  write(csv_cell(columns.id) + "," + predictions_head(predictions));
  write(predictions_rows(predictions, ids));
}

void predict_pictures(const Model& model, const Options& options, const TakeBytes& write) {
  const ArrayDataset samples = read_samples(model, options.data);
  predict_samples(model, samples, options.threads, [&](const Predictions& part, int64_t first) {
    std::vector<std::string> names;
    for (int64_t i = first; i < first + part.num_rows() && !samples.names.empty(); ++i)
      names.push_back(samples.names[static_cast<size_t>(i)]);
    const std::span<const Predictions> one(&part, 1);
    if (first == 0) write(predictions_head(one, !names.empty()));
    write(predictions_rows(one, names));
  });
}

// Tables of any size take little memory: some thousand rows are in memory at a time.
void predict(const Model& model, const Options& options, const TakeBytes& write) {
  if (reads_arrays(model)) return predict_pictures(model, options, write);
  if (model.trained().sequences) return predict_sequences(model, options, write);
  bool first = true;
  std::optional<UnknownTexts> unknown;
  if (const auto& features = model.trained().features) unknown.emplace(*features);
  model.read(options.data, [&](const Table& part) {
    const std::vector<Predictions> predictions = model.predict_each(part, options.threads);
    if (unknown) unknown->count(part);
    if (first) write(predictions_head(predictions));
    first = false;
    write(predictions_rows(predictions));
  });
  if (unknown) print_notes(unknown->remarks());
}

int run_predict(const Options& options) {
  if (options.stream) return run_stream(options);
  if (options.data == "-") {
    throw Error(ErrorCode::usage,
                "predict: standard input is answered row by row: give --stream as well.");
  }
  const Model model = load_model(options.model);
  if (options.output.empty()) {
    predict(model, options, print);
  } else {
    write_file_atomically(options.output,
                          [&](const TakeBytes& write) { predict(model, options, write); });
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
  CLI::Option* const stream = command->add_flag(
      "--stream", options->stream,
      "Answer each row of standard input at once; a recurrent model keeps its context");
  const auto add_streaming = [&](const char* flag, std::string& value, const char* doc,
                                 const char* placeholder) {
    command->add_option(flag, value, doc)->type_name(placeholder)->take_last()->needs(stream);
  };
  add_streaming("--state-by", options->streaming.state_by,
                "Each text of this column has a context of its own", "COLUMN");
  add_streaming("--load-state", options->streaming.load_state,
                "Begin with the contexts of this file", "FILE");
  add_streaming("--save-state", options->streaming.save_state,
                "Write the contexts here at the end of the input", "FILE");
  command->callback([options, &action] { action = [options] { return run_predict(*options); }; });
}

}  // namespace sinapse::cli
