#include "check/layer_health.h"

#include <algorithm>
#include <cmath>

#include <sinapse/activation.h>

#include "compile/differentiate.h"
#include "ops/operators.h"

namespace sinapse {

namespace {

constexpr double kFlat = 0.02;  // of the steepest slope
constexpr double kFarAway = 30;

// Which unit an element of a row belongs to: channels come first but after dense layers.
struct Units {
  int64_t count = 1, stride = 1;
  Units(const Shape& shape, const std::string& layer_type) {
    if (shape.size() == 2 || layer_type == "dense") {
      count = shape.back();
    } else if (shape.size() > 2) {
      count = shape[1];
      stride = row_size(shape) / count;
    }
  }
  int64_t of(int64_t element) const { return element / stride % count; }
};

double steepest(const Activation& activation) {
  double most = 0;
  for (double x = -6; x <= 6; x += 0.25) most = std::max(most, std::abs(derivative(activation, x)));
  return most;
}

void measure_activation(const Activation& activation, const std::vector<double>& values,
                        const Shape& shape, LayerHealth& health, const std::string& type) {
  const Units units(shape, type);
  const int64_t width = row_size(shape);
  std::vector<bool> alive(static_cast<size_t>(units.count));
  const double flat = kFlat * steepest(activation);
  int64_t saturated = 0;
  for (size_t i = 0; i < values.size(); ++i) {
    const double slope = std::abs(derivative(activation, values[i]));
    if (slope > 0) alive[units.of(static_cast<int64_t>(i) % width)] = true;
    saturated += slope < flat ? 1 : 0;
  }
  health.units = units.count;
  health.dead = std::count(alive.begin(), alive.end(), false);
  health.saturated = static_cast<double>(saturated) / static_cast<double>(values.size());
  health.can_saturate = std::abs(derivative(activation, kFarAway)) < flat &&
                        std::abs(derivative(activation, -kFarAway)) < flat;
}

double root_mean_square(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += value * value;
  return values.empty() ? 0 : std::sqrt(sum / static_cast<double>(values.size()));
}

// What the rest of the network reads of a layer: of a recurrent one all steps, or its last state.
ValueId output_of(const std::string& layer, const std::vector<Node>& nodes, ValueId last_of_all) {
  ValueId output = kNoValue;
  for (const Node& node : nodes) {
    if (node.name != layer) continue;
    for (const ValueId value : node.outputs) {
      if (value == kNoValue) continue;
      const bool is_read = std::any_of(nodes.begin(), nodes.end(), [&](const Node& reader) {
        return reader.name != layer &&
               std::find(reader.inputs.begin(), reader.inputs.end(), value) != reader.inputs.end();
      });
      if (is_read || value == last_of_all) output = value;
    }
  }
  return output;
}

bool has_weights(const LossGraph& graph, const std::string& layer) {
  return std::any_of(graph.parameters.begin(), graph.parameters.end(), [&](const auto& parameter) {
    return parameter.trainable && parameter.name.starts_with(layer + ".");
  });
}

}  // namespace

std::vector<LayerHealth> layer_health(const NetworkDescription& network,
                                      const std::vector<InputDescription>& inputs,
                                      const std::string& loss, const Weights& weights,
                                      const Dataset& data) {
  LossGraph graph = build_loss_graph(network, inputs, loss, /*training=*/false);
  const std::vector<Node> nodes = graph.graph.nodes();
  std::vector<ValueId> outputs;  // of each layer
  for (const LayerSummary& layer : graph.layers)
    outputs.push_back(output_of(layer.name, nodes, graph.output));
  std::vector<ValueId> targets = outputs;
  std::erase(targets, kNoValue);
  const ValueId seed = graph.graph.add_input("seed", graph.graph.shape(graph.loss));
  const std::vector<ValueId> gradients = differentiate(graph.graph, graph.loss, seed, targets);
  Interpreter<double> interpreter(graph.graph);
  fill(interpreter, graph, weights, data);
  interpreter.value(seed).assign(static_cast<size_t>(data.rows), 1);
  interpreter.run(data.rows);

  std::vector<LayerHealth> result;
  size_t next = 0;
  for (size_t l = 0; l < graph.layers.size(); ++l) {
    const LayerSummary& layer = graph.layers[l];
    LayerHealth health{.layer = layer.name, .activation = ""};
    health.has_weights = has_weights(graph, layer.name);
    const ValueId gradient = outputs[l] == kNoValue ? kNoValue : gradients[next++];
    if (gradient != kNoValue) health.gradient = root_mean_square(interpreter.value(gradient));
    for (const Node& node : nodes) {
      if (node.name != layer.name || node.op != &op::activate()) continue;
      health.activation = node.text("function");
      measure_activation(parse_activation(health.activation), interpreter.value(node.inputs[0]),
                         graph.graph.shape(node.inputs[0]), health, layer.type);
    }
    if (health.has_weights || !health.activation.empty()) result.push_back(health);
  }
  return result;
}

}  // namespace sinapse
