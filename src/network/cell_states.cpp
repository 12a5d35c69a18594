#include "network/cell_states.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include <sinapse/error.h>

#include "ops/context.h"
#include "ops/operators.h"
#include "ops/recurrent.h"

namespace sinapse {

namespace {

// Where a cell takes in a state and where it puts it out.
struct Place {
  const char* letter;
  size_t input, output;
};

std::vector<Place> places_of(const Node& node) {
  if (node.op == &op::lstm()) {
    return {{"h", recurrent::initial_h, 1}, {"c", recurrent::initial_c, 2}};
  }
  if (node.op == &op::rnn() || node.op == &op::gru()) return {{"h", recurrent::initial_h, 1}};
  if (node.op == &op::context()) return {{"c", context::initial, 2}};
  return {};
}

void require_forward(const Node& node) {
  if (node.op == &op::context() || node.text("direction") == "forward") return;
  throw Error(
      ErrorCode::model,
      fmt::format("{} \"{}\": direction is {}, but only a cell that walks forward can go on "
                  "from a state. Set direction: forward, or stateful: false.",
                  node.op->name, node.name, node.text("direction")));
}

}  // namespace

std::vector<CellState> expose_states(NetworkGraph& network,
                                     const std::vector<std::string>& layers) {
  Graph& graph = network.graph;
  std::vector<CellState> states;
  std::map<std::string, int> cells;
  for (size_t n = 0; n < graph.nodes().size(); ++n) {
    const std::vector<Place> places = places_of(graph.nodes()[n]);
    const std::string layer = graph.nodes()[n].name;
    const bool wanted = std::find(layers.begin(), layers.end(), layer) != layers.end();
    if (places.empty() || !wanted) continue;
    require_forward(graph.nodes()[n]);
    const int number = ++cells[layer];
    for (const Place& place : places) {
      const std::string cell = number == 1 ? layer : fmt::format("{}.{}", layer, number);
      const ValueId after = graph.nodes()[n].outputs[place.output];
      const ValueId before =
          graph.add_input(fmt::format("{}.{}", cell, place.letter), graph.shape(after));
      std::vector<ValueId>& inputs = graph.mutable_nodes()[n].inputs;
      inputs.resize(std::max(inputs.size(), place.input + 1), kNoValue);
      inputs[place.input] = before;
      states.push_back({graph.value(before).name, before, after});
    }
  }
  std::vector<ValueId> outputs = graph.outputs();
  for (const CellState& state : states) {
    network.inputs.push_back(state.before);
    outputs.push_back(state.after);
  }
  graph.set_outputs(outputs);
  return states;
}

std::vector<std::string> stateful_layers(const NetworkGraph& network) {
  std::vector<std::string> names;
  for (const LayerSummary& layer : network.layers) {
    const auto field = layer.fields.find("stateful");
    if (field != layer.fields.end() && field->second == FieldValue(true)) {
      names.push_back(layer.name);
    }
  }
  return names;
}

}  // namespace sinapse
