// sinapse explain: what a model relies on.
#include <memory>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <sinapse/error.h>

#include "cli/commands.h"
#include "cli/explain_pictures.h"
#include "cli/explain_text.h"
#include "cli/figure_folder.h"
#include "cli/model_data.h"
#include "cli/output.h"
#include "figures/explain_figures.h"
#include "network/trained_network.h"

namespace sinapse::cli {

namespace {

constexpr const char* kExamples = R"(Examples:
  sinapse explain sinapse_cars more_cars.csv
  sinapse explain sinapse_cars more_cars.csv --metric mae --repeats 30 --output why
  sinapse explain sinapse_cars more_cars.csv --dependence age,brand
  sinapse explain sinapse_cars more_cars.csv --row 1,17
  sinapse explain clothes pictures/ --row 1,2 --output maps

Each column is shuffled among the rows: the importance is how much worse the model gets. Take data
that it has not learned from. Of a model of series steps of the past, known columns and the calendar are
shuffled among the windows. --dependence tells what is predicted, on average, if all rows had this
or that value; --row how much each column adds to one prediction (integrated gradients).

Of pictures maps are made (saliency, integrated gradients, occlusion, Grad-CAM): --output DIR lays them over the
pictures; printed are the rows and columns in which the middle half of a map lies. --sanity compares
them with those of the same network with random weights, from the output backwards layer by layer: a map
whose rank correlation is still near 1 in the last line shows the picture, not what was learned.)";

constexpr size_t kColumnsToDraw = 6;

struct Options {
  std::string model, data, output, layer;
  int64_t patch = 0;  // of occlusion
  bool json = false, sanity = false;
  std::vector<std::string> dependence;
  std::vector<int64_t> rows;
  ImportanceOptions importance;
  DependenceOptions along;
  AttributionOptions attribution;
};

void add_dependence(const Model& model, const Table& table, const std::string& column,
                    const Options& options, Explanation& answer) {
  const PartialDependence dependence = partial_dependence(model, table, column, options.along);
  answer.json["dependence"].push_back(to_json(dependence));
  answer.figures.emplace_back("dependence_" + file_name_of(column), dependence_figure(dependence));
  answer.text += (answer.text.empty() ? "" : "\n") + text_of(dependence);
}

void explain_columns(const Model& model, const Table& table, const Options& options,
                     Explanation& answer) {
  const PermutationImportance importance = permutation_importance(model, table, options.importance);
  answer.json["importance"] = to_json(importance);
  answer.figures.emplace_back("importance", draw(importance_bars(importance)));
  const std::string text = fmt::format(
      "{}: {} {}; {} {:.4g}; {} shuffles of each column, {:.4g} % intervals\n\n{}",
      printable(options.data), with_thousands(importance.rows),
      model.trained().series ? "windows" : "rows", importance.metric, importance.score,
      options.importance.repeats, 100 * options.importance.confidence, text_of(importance));
  if (model.trained().features && (options.json || !options.output.empty())) {
    const Features& features = *model.trained().features;
    for (size_t i = 0; i < std::min(kColumnsToDraw, importance.columns.size()); ++i) {
      const std::string& column = importance.columns[i].column;
      if (!features.is_text(column)) add_dependence(model, table, column, options, answer);
    }
  }
  answer.text = text;
}

void explain_rows(const Model& model, const Table& table, const Options& options,
                  Explanation& answer) {
  std::vector<int64_t> rows;
  for (const int64_t row : options.rows) rows.push_back(row - 1);
  for (const RowExplanation& one : sinapse::explain_rows(model, table, rows, options.attribution)) {
    const std::string location = table.location(one.row);
    answer.text += (answer.text.empty() ? "" : "\n") + text_of(one, location);
    answer.json["rows"].push_back(to_json(one, location));
    answer.figures.emplace_back(fmt::format("row_{}", one.row + 1), draw(row_bars(one)));
  }
}

Explanation explain_table(const Model& model, const Options& options) {
  const Table table = model.read(options.data);
  Explanation answer{.text = "", .json = {{"data", options.data}}, .figures = {}};
  for (const std::string& column : options.dependence)
    add_dependence(model, table, column, options, answer);
  if (!options.rows.empty()) explain_rows(model, table, options, answer);
  if (options.dependence.empty() && options.rows.empty())
    explain_columns(model, table, options, answer);
  return answer;
}

Explanation explain_pictures(const Model& model, const Options& options) {
  PictureQuestion question{.data = options.data,
                           .rows = options.rows,
                           .sanity = options.sanity,
                           .seed = options.importance.seed,
                           .options = {.output = options.attribution.output,
                                       .layer = options.layer,
                                       .patch = options.patch,
                                       .threads = options.importance.threads}};
  return explain_pictures(model, question);
}

int run_explain(const Options& options) {
  const Model model = load_model(options.model);
  const Explanation answer =
      reads_arrays(model) ? explain_pictures(model, options) : explain_table(model, options);
  if (!options.output.empty()) {
    FigureFolder figures(options.output);
    for (const auto& [name, drawing] : answer.figures) figures.add(name, drawing);
    figures.commit();
  }
  print(options.json ? answer.json.dump(2) + "\n" : answer.text);
  return kSuccess;
}

void add_importance_options(CLI::App& command, ImportanceOptions& options) {
  command
      .add_option("--metric", options.metric,
                  "A metric of `sinapse list metrics`, or loss; auto: roc_auc, accuracy or r2, by "
                  "the task [auto]")
      ->type_name("NAME")
      ->take_last();
  command.add_option("--repeats", options.repeats, "Shuffles of each column [10]")
      ->type_name("N")
      ->take_last();
  command.add_option("--confidence", options.confidence, "Of the intervals [0.95]")
      ->type_name("X")
      ->take_last();
  command
      .add_option("--max-rows", options.max_rows,
                  "Of more rows so many are drawn; 0: all are taken [10000]")
      ->check(CLI::NonNegativeNumber)
      ->type_name("N")
      ->take_last();
  command.add_option("--seed", options.seed, "Another one shuffles in another way [1]")
      ->type_name("N")
      ->take_last();
  command.add_option("--threads", options.threads, "0: one for each processor [1]")
      ->check(CLI::Range(0, 1024))
      ->type_name("N")
      ->take_last();
}

void add_row_options(CLI::App& command, Options& options) {
  command.add_option("--row", options.rows, "Explain these rows or pictures; 1 is the first")
      ->delimiter(',')
      ->type_name("N,...");
  command
      .add_option("--baseline", options.attribution.baseline,
                  "What rows are compared with: the mean of all, or all inputs zero [mean]")
      ->type_name("mean|zero")
      ->take_last();
  command
      .add_option("--class", options.attribution.output,
                  "Which is explained [the predicted one; of rows the second of two]")
      ->type_name("NAME")
      ->take_last();
  command
      .add_option("--layer", options.layer,
                  "Of pictures: whose output Grad-CAM shows [after the last convolution]")
      ->type_name("NAME")
      ->take_last();
  command
      .add_option(
          "--patch", options.patch,
          "Of pictures: side of the squares that occlusion covers [a seventh of the picture]")
      ->check(CLI::PositiveNumber)
      ->type_name("PIXELS")
      ->take_last();
  command.add_flag("--sanity", options.sanity, "Of pictures: compare with random weights");
  command.add_option("--target", options.attribution.target, "Of several targets [the first]")
      ->type_name("NAME")
      ->take_last();
}

}  // namespace

void add_explain(CLI::App& program, Action& action) {
  auto options = std::make_shared<Options>();
  CLI::App* command =
      program.add_subcommand("explain", "Say which columns a model relies on, and why it predicts");
  command->footer(kExamples);
  command->add_option("MODEL", options->model, "model.onnx or the folder of a run")
      ->required()
      ->type_name("");
  command->add_option("DATA", options->data, "The data, for importance with known answers")
      ->required()
      ->type_name("");
  command->add_flag("--json", options->json, "Print one JSON object");
  command->add_option("-o,--output", options->output, "A folder for figures as SVG and PNG")
      ->type_name("DIR")
      ->take_last();
  command
      ->add_option("--dependence", options->dependence,
                   "Tell what is predicted along these columns")
      ->delimiter(',')
      ->type_name("COLUMN,...");
  add_row_options(*command, *options);
  add_importance_options(*command, options->importance);
  command->callback([options, &action] {
    options->along.seed = options->attribution.seed = options->importance.seed;
    options->along.threads = options->importance.threads;
    options->along.target = options->attribution.target;
    action = [options] { return run_explain(*options); };
  });
}

}  // namespace sinapse::cli
