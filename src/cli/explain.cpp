// sinapse explain: what a model relies on.
#include <memory>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <sinapse/model.h>
#include <sinapse/permutation_importance.h>

#include "cli/commands.h"
#include "cli/figure_folder.h"
#include "cli/model_data.h"
#include "cli/output.h"
#include "figures/explain_figures.h"

namespace sinapse::cli {

namespace {

constexpr const char* kExamples = R"(Examples:
  sinapse explain sinapse_cars more_cars.csv
  sinapse explain sinapse_cars more_cars.csv --metric mae --repeats 30 --output why

Each column is shuffled among the rows: the importance is how much worse the model gets. Take data
that it has not learned from.)";

struct Options {
  std::string model, data, output;
  bool json = false;
  ImportanceOptions importance;
};

std::string number(double value) {
  return fmt::format("{:.4g}", value);
}

std::string text_of(const PermutationImportance& result, const Options& options) {
  std::string text = fmt::format(
      "{}: {} rows; {} {}; {} shuffles of each column, {:.4g} % intervals\n\n",
      printable(options.data), with_thousands(result.rows), result.metric, number(result.score),
      options.importance.repeats, 100 * options.importance.confidence);
  std::vector<std::vector<std::string>> rows{{"column", "importance", "low", "high"}};
  for (const ColumnImportance& column : result.columns) {
    rows.push_back({column.column, number(column.importance), number(column.interval.low),
                    number(column.interval.high)});
  }
  return text + format_table(rows, {Align::left, Align::right, Align::right, Align::right});
}

nlohmann::ordered_json to_json(const PermutationImportance& result) {
  nlohmann::ordered_json columns = nlohmann::ordered_json::array();
  for (const ColumnImportance& column : result.columns) {
    columns.push_back({{"column", column.column},
                       {"importance", column.importance},
                       {"low", column.interval.low},
                       {"high", column.interval.high},
                       {"repeats", column.repeats}});
  }
  return {{"metric", result.metric},
          {"score", result.score},
          {"rows", result.rows},
          {"columns", columns}};
}

int run_explain(const Options& options) {
  const Model model = load_model(options.model);
  const PermutationImportance importance =
      permutation_importance(model, model.read(options.data), options.importance);
  if (!options.output.empty()) {
    FigureFolder figures(options.output);
    figures.add("importance", draw(importance_bars(importance)));
    figures.commit();
  }
  if (options.json) {
    nlohmann::ordered_json json = {{"data", options.data}};
    json["importance"] = to_json(importance);
    print(json.dump(2) + "\n");
  } else {
    print(text_of(importance, options));
  }
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

}  // namespace

void add_explain(CLI::App& program, Action& action) {
  auto options = std::make_shared<Options>();
  CLI::App* command = program.add_subcommand("explain", "Say which columns a model relies on");
  command->footer(kExamples);
  command->add_option("MODEL", options->model, "model.onnx or the folder of a run")
      ->required()
      ->type_name("");
  command->add_option("DATA", options->data, "Data with known answers")->required()->type_name("");
  command->add_flag("--json", options->json, "Print one JSON object");
  command->add_option("-o,--output", options->output, "A folder for figures as SVG and PNG")
      ->type_name("DIR")
      ->take_last();
  add_importance_options(*command, options->importance);
  command->callback([options, &action] { action = [options] { return run_explain(*options); }; });
}

}  // namespace sinapse::cli
