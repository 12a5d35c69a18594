#include "cli/plot_inside.h"

#include <array>
#include <memory>

#include <fmt/format.h>

#include <sinapse/error.h>
#include <sinapse/model.h>

#include "cli/model_data.h"
#include "cli/output.h"
#include "cli/plot_output.h"
#include "explain/rows.h"
#include "figures/filter_figure.h"
#include "figures/row_figure.h"
#include "figures/surface_figure.h"
#include "train/encode.h"

namespace sinapse::cli {

namespace {

struct Options {
  FigureOutput output;
  std::string model, data, layer;
  std::vector<std::string> features;
  SurfaceOptions surface;
  int64_t row = 1;
};

// The two columns that are named, or the only two.
std::pair<std::string, std::string> axes_of(const Model& model, const Options& options) {
  std::vector<std::string> names = options.features;
  if (names.empty() && model.trained().features)
    for (const auto& [name, kind] : model.trained().features->kinds()) names.push_back(name);
  if (names.size() == 2) return {names[0], names[1]};
  throw Error(ErrorCode::usage,
              options.features.empty()
                  ? fmt::format("The model reads {} columns: name two of them, --features a,b.",
                                names.size())
                  : fmt::format("--features takes two columns, but there are {}.", names.size()));
}

int plot_surface(const Options& options) {
  const Model model = load_model(options.model);
  const auto [x, y] = axes_of(model, options);
  return show(
      surface_chart(decision_surface(model, model.read(options.data), x, y, options.surface),
                    options.output.words()),
      options.output);
}

int plot_filters(const Options& options) {
  const Model model = load_model(options.model);
  return show(filter_figure(filters_of(model.trained(), options.layer),
                            size_of(options.output, 1).width, options.output.words()),
              options.output);
}

void require_row(int64_t row, int64_t rows) {
  if (row >= 1 && row <= rows) return;
  throw Error(ErrorCode::usage, fmt::format("There is no row {}: the data have {}.", row, rows));
}

int plot_activations(const Options& options) {
  const Model model = load_model(options.model);
  const TrainedNetwork& trained = model.trained();
  const Words words = options.output.words();
  std::string name = words("row {}", options.row);
  std::vector<LayerActivation> layers;
  if (reads_arrays(model)) {
    const ArrayDataset samples = read_samples(model, options.data);
    const Dataset data = encode_inputs(*trained.pixels, samples);
    require_row(options.row, data.rows);
    if (!samples.names.empty()) name = samples.names[static_cast<size_t>(options.row - 1)];
    layers = row_activations(trained, copy_rows(data, std::array{options.row - 1}), 0);
  } else {
    const Table table = model.read(options.data);
    require_row(options.row, table.num_rows());
    name = table.location(options.row - 1);
    require_rows_alone(trained, "plot");
    const Dataset data = encode_inputs(*trained.features, table);
    layers = row_activations(trained, copy_rows(data, std::array{options.row - 1}), 0);
  }
  return show(activation_figure(layers, words("Activations of {}", printable(name)),
                                size_of(options.output, 1).width, words),
              options.output);
}

using Plot = int (*)(const Options&);

CLI::App* add_figure(CLI::App& plot, Action& action, const std::shared_ptr<Options>& options,
                     const char* name, const char* description, Plot function, bool reads_data) {
  CLI::App* command = plot.add_subcommand(name, description);
  command->add_option("MODEL", options->model, "model.onnx or the folder of a run")
      ->required()
      ->type_name("");
  if (reads_data) command->add_option("DATA", options->data, "The data")->required()->type_name("");
  add_output_options(*command, options->output);
  command->callback([options, function, &action] {
    action = [options, function] { return function(*options); };
  });
  return command;
}

}  // namespace

void add_inside_figures(CLI::App& plot, Action& action) {
  auto options = std::make_shared<Options>();
  CLI::App* surface = add_figure(plot, action, options, "surface",
                                 "Predictions over the plane of two columns", plot_surface, true);
  surface->add_option("--features", options->features, "The two columns [the only two]")
      ->delimiter(',')
      ->type_name("X,Y");
  surface->add_option("--target", options->surface.target, "Of several targets [the first]")
      ->type_name("NAME");
  CLI::App* filters = add_figure(plot, action, options, "filters",
                                 "The filters of a convolution, as tiles", plot_filters, false);
  filters
      ->add_option("--layer", options->layer,
                   "Its name, as `sinapse inspect` prints it [the first]")
      ->type_name("NAME");
  CLI::App* activations =
      add_figure(plot, action, options, "activations",
                 "What the layers put out for one row or picture", plot_activations, true);
  activations->add_option("--row", options->row, "Which; 1 is the first [1]")->type_name("N");
}

}  // namespace sinapse::cli
