#include "explain/row_activations.h"

#include "compile/interpreter.h"
#include "network/network.h"

namespace sinapse {

std::vector<LayerActivation> row_activations(const TrainedNetwork& trained, const Dataset& data,
                                             int64_t row) {
  const NetworkGraph network = build_network(trained.network, input_descriptions(trained), false);
  Interpreter<float> interpreter(network.graph);
  for (const ParameterInfo& parameter : network.parameters)
    interpreter.value(parameter.value) = trained.weights.at(parameter.name);
  std::vector<LayerActivation> result;
  const auto keep = [&](const std::string& name, ValueId id) {
    result.push_back({name, row_shape(network.graph.shape(id)), interpreter.value(id)});
  };
  for (size_t i = 0; i < network.inputs.size(); ++i) {
    std::vector<float>& input = interpreter.value(network.inputs[i]);
    input.resize(data.inputs[i].columns);
    data.inputs[i].copy_row(row, input.data());
    keep(network.graph.value(network.inputs[i]).name, network.inputs[i]);
  }
  interpreter.run(1);
  for (const LayerSummary& layer : network.layers) {
    ValueId last = kNoValue;
    for (const Node& node : network.graph.nodes())
      if (node.name == layer.name) last = node.outputs[0];
    if (last != kNoValue) keep(layer.name, last);
  }
  return result;
}

}  // namespace sinapse
