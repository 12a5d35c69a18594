#include "figures/model_figures.h"

#include <optional>

#include <fmt/format.h>

#include <sinapse/activation.h>
#include <sinapse/error.h>

#include "data/nearest.h"
#include "figures/matrix_figure.h"
#include "figures/network_figure.h"
#include "network/network.h"

namespace sinapse {

namespace {

// What leaves the neurons as they are.
bool passes_through(const LayerSummary& layer) {
  return layer.type == "activation" || layer.type.ends_with("dropout") ||
         layer.type == "batch_normalization" || layer.type == "layer_normalization";
}

std::string activation_name(const LayerSummary& layer, Words words) {
  const auto found = layer.fields.find("activation");
  const auto* text =
      found == layer.fields.end() ? nullptr : std::get_if<std::string>(&found->second);
  if (text == nullptr) return "";
  const Activation activation = parse_activation(*text);
  return activation.definition->name == "identity" ? words("linear") : to_string(activation);
}

std::string neurons(int64_t count, Words words) {
  return words.count(count, "{} neuron", "{} neurons");
}

std::vector<std::string> output_names(const Target& target) {
  if (!target.is_one()) return target.names();
  if (target.classes().size() > 2) return target.classes();
  if (target.classes().size() == 2) return {target.column() + " = " + target.classes()[1]};
  return {target.column()};
}

// An input, as Features names it.
std::string input_name(const std::string& name, Words words) {
  struct Ending {
    std::string_view english;
    Phrase phrase;
  };
  const Ending endings[] = {{" is missing", "{} is missing"}, {" is unknown", "{} is unknown"}};
  for (const auto& [ending, phrase] : endings)
    if (name.ends_with(ending)) return words(phrase, name.substr(0, name.size() - ending.size()));
  return name;
}

// What the last neurons' sums become; in training it is a part of the loss.
std::string output_function(const Target& target, Words words) {
  switch (target.form()) {
    case OutputForm::probabilities:
      return target.task() == Task::multiclass ? "softmax" : "sigmoid";
    case OutputForm::distribution:
      return "softmax";
    default:
      return words("linear");
  }
}

NeuronLayer neuron_layer(const TrainedNetwork& trained, const LayerSummary& layer, Words words) {
  NeuronLayer neuron_layer{.count = layer.output_shape.back(), .names = {}, .weights = {}};
  const std::string activation = activation_name(layer, words);
  neuron_layer.note =
      neurons(neuron_layer.count, words) + (activation.empty() ? "" : ", " + activation);
  neuron_layer.weights = trained.weights.at(layer.name + ".weight");
  neuron_layer.bias = trained.weights.contains(layer.name + ".bias");
  return neuron_layer;
}

// The network as columns of neurons; nothing if it is no chain of dense layers over one vector.
std::optional<std::vector<NeuronLayer>> neuron_layers(const TrainedNetwork& trained,
                                                      const std::vector<LayerSummary>& layers,
                                                      Words words) {
  const std::vector<InputDescription> inputs = input_descriptions(trained);
  if (inputs.size() != 1 || inputs[0].row_shape.size() != 1) return std::nullopt;
  NeuronLayer input{
      .title = words("Input layer"), .count = inputs[0].row_shape[0], .names = {}, .weights = {}};
  input.note = neurons(input.count, words);
  if (trained.features && trained.features->width() == input.count) {
    for (const std::string& name : trained.features->names())
      input.names.push_back(input_name(name, words));
  }
  std::vector<NeuronLayer> columns{std::move(input)};
  std::string last = inputs[0].name;
  for (const LayerSummary& layer : layers) {
    const bool chained = layer.inputs.size() == 1 && layer.inputs[0] == last;
    if (!chained || (layer.type != "dense" && !passes_through(layer))) return std::nullopt;
    last = layer.name;
    if (layer.type != "dense") {
      columns.back().note +=
          ", " + (layer.type == "activation" ? activation_name(layer, words) : layer.type);
      continue;
    }
    columns.push_back(neuron_layer(trained, layer, words));
    columns.back().title = words("Hidden layer {}", columns.size() - 1);
  }
  if (columns.size() < 2) return std::nullopt;
  columns.back().title = words("Output layer");
  columns.back().note =
      neurons(columns.back().count, words) + ", " + output_function(trained.target, words);
  columns.back().names = output_names(trained.target);
  return columns;
}

std::vector<LayerSummary> layers_of(const TrainedNetwork& trained) {
  return build_network(trained.network, input_descriptions(trained), false).layers;
}

}  // namespace

Drawing network_figure(const TrainedNetwork& trained, bool blocks, Words words) {
  const std::vector<LayerSummary> layers = layers_of(trained);
  if (!blocks) {
    if (const auto columns = neuron_layers(trained, layers, words))
      return neuron_figure(*columns, 860, words);
  }
  return block_figure(input_descriptions(trained), layers, 640, words);
}

Drawing layer_weights_figure(const TrainedNetwork& trained, const std::string& layer, Words words) {
  const auto network = build_network(trained.network, input_descriptions(trained), false);
  std::vector<std::string> names;
  for (const ParameterInfo& parameter : network.parameters) {
    if (!parameter.name.ends_with(".weight") || parameter.shape.size() < 2) continue;
    names.push_back(parameter.name.substr(0, parameter.name.size() - 7));
    if (names.back() != layer) continue;
    const int64_t rows = parameter.shape[0];
    const std::vector<float>& values = trained.weights.at(parameter.name);
    return weight_figure(words("Weights of {}", layer), values, rows,
                         static_cast<int64_t>(values.size()) / rows, 640, words);
  }
  throw Error(ErrorCode::usage,
              fmt::format("No layer \"{}\" has weights.{}", layer, did_you_mean(layer, names)));
}

}  // namespace sinapse
