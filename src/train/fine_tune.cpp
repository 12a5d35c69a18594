#include "train/fine_tune.h"

#include <algorithm>

#include <fmt/format.h>

#include <sinapse/error.h>
#include <sinapse/loss.h>

#include "network/network.h"

namespace sinapse {

std::optional<Model> starting_model(const NetworkOptions& options) {
  if (options.from.empty()) return {};
  return Model::load(options.from);
}

RunOptions continued(RunOptions options, const Model& model) {
  const Target& target = model.trained().target;
  if (options.data.target.empty()) options.data.target = target.column();
  if (options.data.task == "auto" && target.task() == Task::regression) {
    options.data.task = name_of(Task::regression);
  }
  return options;
}

Features preprocessing_of_tables(const Model& model) {
  if (model.trained().features) return *model.trained().features;
  throw Error(ErrorCode::usage,
              "network.from: the model was trained on images, other arrays or series, not on a table.");
}

ArrayFeatures preprocessing_of_arrays(const Model& model) {
  if (model.trained().pixels) return *model.trained().pixels;
  throw Error(ErrorCode::usage,
              "network.from: the model was trained on a table or series, not on images or other arrays.");
}

std::optional<Target> kept_target(const Target& of_model, const Target& fitted,
                                  const std::string& loss) {
  const bool of_numbers = of_model.task() == Task::regression;
  if (of_numbers != (fitted.task() == Task::regression)) return {};
  if (!(of_model.is_one() && fitted.is_one()) && of_model.names() != fitted.names()) return {};
  const auto& known = of_model.classes();
  const bool knows_all =
      std::all_of(fitted.classes().begin(), fitted.classes().end(), [&](const std::string& name) {
        return std::find(known.begin(), known.end(), name) != known.end();
      });
  if (!knows_all) return {};
  const OutputForm form =
      loss == "auto" ? of_model.form() : choose_loss(loss, of_model.task()).definition->form;
  if (of_numbers && form != of_model.form()) return {};
  Target kept = of_model;
  if (form != of_model.form()) kept.set_form(form);
  return kept;
}

NetworkDescription continued_network(const NetworkDescription& network, int64_t num_outputs) {
  NetworkDescription continued = network;
  continued.layers.back().fields["units"] = num_outputs;
  return continued;
}

StartingWeights starting_weights(const TrainedNetwork& model, const TrainingGraph& graph,
                                 bool same_target) {
  std::map<std::string, Shape> shapes;
  for (const ParameterInfo& parameter :
       build_network(model.network, input_descriptions(model), /*training=*/false).parameters) {
    shapes[parameter.name] = parameter.shape;
  }
  const std::string output = graph.layers.back().name + ".";
  StartingWeights result;
  for (const ParameterInfo& parameter : graph.parameters) {
    const std::string& name = parameter.name;
    const auto found = shapes.find(name);
    if (found == shapes.end() || (!same_target && name.starts_with(output))) {
      result.drawn.push_back(name);
      continue;
    }
    if (found->second != parameter.shape) {
      throw Error(ErrorCode::usage,
                  fmt::format("network.from: \"{}\" is {} in the model, but {} in this network. "
                              "Give the layer the size that it has there, or another name to begin "
                              "it anew.",
                              name, to_string(found->second), to_string(parameter.shape)));
    }
    result.weights[name] = model.weights.at(name);
  }
  if (result.weights.empty()) {
    throw Error(ErrorCode::usage,
                "network.from: no layer of this network has the name of one in the model.");
  }
  return result;
}

}  // namespace sinapse
