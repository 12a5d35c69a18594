#include "cli/plot_model.h"

#include <memory>

#include <sinapse/model.h>

#include "cli/model_data.h"
#include "cli/plot_output.h"
#include "explain/answer_columns.h"
#include "figures/answer_figures.h"
#include "figures/matrix_figure.h"
#include "figures/model_figures.h"

namespace sinapse::cli {

namespace {

struct Options {
  FigureOutput output;
  std::string model, data, layer, target;
  bool blocks = false;
};

// What the model says of one target of the data, and what is known of it.
struct Answered {
  Model model;
  size_t column = 0;  // of the targets
  Predictions predictions;
  std::vector<float> truth;

  const Target& target() const { return model.trained().target; }
  ClassAnswers classes() const { return class_answers(predictions, truth, target()); }
  NumberAnswers numbers() const { return number_answers(predictions, truth, target(), column); }
};

// One column of an encoded target.
std::vector<float> column_of(const std::vector<float>& encoded, const Target& target,
                             size_t column) {
  std::vector<float> values;
  for (size_t i = column; i < encoded.size(); i += static_cast<size_t>(target.width()))
    values.push_back(encoded[i]);
  return values;
}

Predictions predictions_of(const Model& model, const ArrayDataset& samples) {
  Predictions all;
  predict_samples(model, samples, 0, [&](const Predictions& part, int64_t first) {
    if (first == 0) {
      all = part;
      return;
    }
    const auto append = [](auto& to, const auto& more) {
      to.insert(to.end(), more.begin(), more.end());
    };
    append(all.labels, part.labels);
    append(all.probabilities, part.probabilities);
    append(all.scores, part.scores);
    append(all.values, part.values);
  });
  return all;
}

Answered answer(const Options& options) {
  const Model model = load_model(options.model);
  if (reads_arrays(model)) {
    const ArrayDataset samples = read_labelled_samples(model, options.data).samples;
    return {
        model, 0, predictions_of(model, samples), {samples.labels.begin(), samples.labels.end()}};
  }
  require_rows_alone(model.trained(), "plot");
  const Table table = model.read(options.data);
  const Target& target = model.trained().target;
  const size_t column = target_place(target, options.target);
  std::vector<Predictions> all = model.predict_each(table, 0);
  return {model, column, std::move(all[column]), column_of(target.encode(table), target, column)};
}

int plot_network(const Options& options) {
  return show(
      network_figure(load_model(options.model).trained(), options.blocks, options.output.words()),
      options.output);
}

int plot_weights(const Options& options) {
  return show(layer_weights_figure(load_model(options.model).trained(), options.layer,
                                   options.output.words()),
              options.output);
}

int plot_confusion(const Options& options) {
  const ClassAnswers answers = answer(options).classes();
  return show(confusion_figure(answers.classes, confusion_counts(answers),
                               size_of(options.output, 1).width, options.output.words()),
              options.output);
}

template <Chart (*chart)(const ClassAnswers&, Words)>
int plot_classes(const Options& options) {
  return show(chart(answer(options).classes(), options.output.words()), options.output);
}

int plot_residuals(const Options& options) {
  return show(residual_charts(answer(options).numbers(), options.output.words()), options.output);
}

using Plot = int (*)(const Options&);

CLI::App* add_figure(CLI::App& plot, Action& action, const char* name, const char* description,
                     Plot function, bool reads_data = true) {
  auto options = std::make_shared<Options>();
  CLI::App* command = plot.add_subcommand(name, description);
  command->add_option("MODEL", options->model, "model.onnx or the folder of a run")
      ->required()
      ->type_name("");
  if (reads_data) {
    command->add_option("DATA", options->data, "Data with known answers")
        ->required()
        ->type_name("");
    command->add_option("--target", options->target, "Of several targets [the first]")
        ->type_name("NAME");
  }
  if (function == plot_network) {
    command->add_flag("--blocks", options->blocks, "One block a layer, also of a small network");
  }
  if (function == plot_weights) {
    command->add_option("LAYER", options->layer, "Its name, as `sinapse inspect` prints it")
        ->required()
        ->type_name("");
  }
  add_output_options(*command, options->output);
  command->callback([options, function, &action] {
    action = [options, function] { return function(*options); };
  });
  return command;
}

}  // namespace

void add_model_figures(CLI::App& plot, Action& action) {
  add_figure(plot, action, "network", "A network's neurons, or its layers", plot_network, false);
  add_figure(plot, action, "weights", "The weights of a layer, in colours", plot_weights, false);
  add_figure(plot, action, "confusion", "Which classes are taken for which", plot_confusion);
  add_figure(plot, action, "roc", "True against false positive rate", plot_classes<roc_chart>);
  add_figure(plot, action, "precision-recall", "Precision against recall",
             plot_classes<precision_recall_chart>);
  add_figure(plot, action, "calibration", "Whether probabilities can be believed",
             plot_classes<calibration_chart>);
  add_figure(plot, action, "lift", "How much better than chance the most probable rows are",
             plot_classes<lift_chart>);
  add_figure(plot, action, "residuals", "How far predicted numbers are off", plot_residuals);
}

}  // namespace sinapse::cli
