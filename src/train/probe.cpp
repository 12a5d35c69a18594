#include "train/probe.h"

#include <algorithm>
#include <cmath>

#include <sinapse/optimizer.h>

#include "compile/differentiate.h"
#include "ops/operators.h"
#include "train/losses.h"
#include "train/row_window.h"
#include "train/stepper.h"

namespace sinapse {

namespace {

// "dense1.weight" → "dense1"
std::string layer_of(const std::string& parameter) {
  return parameter.substr(0, parameter.rfind('.'));
}

double norm_of(const std::vector<float>& values) {
  double squares = 0;
  for (const float value : values) squares += double{value} * value;
  return std::sqrt(squares);
}

std::vector<int64_t> some_of(const Rows& rows) {
  const auto all = static_cast<int64_t>(rows.size());
  const int64_t count = std::min(all, Probe::kRows);
  std::vector<int64_t> some;
  for (int64_t i = 0; i < count; ++i) some.push_back(rows[static_cast<size_t>(i * all / count)]);
  return some;
}

}  // namespace

struct Probe::Inside {
  explicit Inside(const RunStart& start)
      : data(start.data), rows(some_of(start.training_rows)), window(start.data.source.get()) {
    NetworkGraph built = build_network(start.trained.network, input_descriptions(start.trained),
                                       /*training=*/true, start.frozen);
    for (const LayerSummary& layer : built.layers) layers.push_back(layer.name);
    graph.graph = std::move(built.graph);
    graph.inputs = std::move(built.inputs);
    graph.output = built.output;
    graph.parameters = std::move(built.parameters);
    add_loss(parse_loss(start.trained.loss));
    add_gradients();
    std::vector<ValueId> outputs{graph.output, graph.loss};
    for (const auto& [value, layer] : activations) {
      if (value != graph.output) outputs.push_back(value);
    }
    graph.graph.set_outputs(std::move(outputs));
    stepper = compiled_stepper(graph, parse_optimizer("sgd"), kRows, start.team);
  }

  void add_loss(const Loss& loss) {
    Graph& g = graph.graph;
    for (const Node& node : g.nodes()) {
      if (node.op == &op::activate()) activations.emplace_back(node.outputs[0], node.name);
    }
    graph.target = g.add_input("target", target_shape(loss, g.shape(graph.output)));
    graph.row_weight = g.add_input("row_weight", batched({1}));
    graph.loss = append_loss(g, loss, graph.output, graph.target);
    graph.num_forward_nodes = g.nodes().size();
  }

  // Gathered in states, which can be read.
  void add_gradients() {
    std::vector<ValueId> trainable;
    std::vector<const ParameterInfo*> learned;
    for (const ParameterInfo& parameter : graph.parameters) {
      if (!parameter.trainable) continue;
      trainable.push_back(parameter.value);
      learned.push_back(&parameter);
    }
    const auto found = differentiate(graph.graph, graph.loss, graph.row_weight, trainable);
    for (size_t i = 0; i < learned.size(); ++i) {
      if (found[i] == kNoValue) continue;
      const std::string& name = learned[i]->name;
      const ValueId sum = graph.graph.add_state(name + ":gradient", learned[i]->shape);
      graph.graph.append(op::accumulate(), name + ".accumulate", {sum, found[i]});
      gradients.emplace_back(sum, layer_of(name));
    }
  }

  void run(const std::map<std::string, std::vector<float>>& weights) {
    set_weights(*stepper, graph, weights);
    StepState state{.seed = 1, .step = 1};
    state.begins_update = true;
    stepper->step({.data = data,
                   .rows = rows,
                   .hides_categories = false,
                   .gathered = window.take(rows, 0, std::ssize(rows)).numbers},
                  state);
  }

  const Dataset& data;
  const std::vector<int64_t> rows;
  RowWindow window;
  std::vector<std::string> layers;
  TrainingGraph graph;
  std::vector<std::pair<ValueId, std::string>> gradients, activations;  // with their layers
  std::unique_ptr<Stepper> stepper;
};

Probe::Probe(const RunStart& start) : inside_(std::make_unique<Inside>(start)) {}
Probe::~Probe() = default;

std::vector<LayerState> Probe::look(const std::map<std::string, std::vector<float>>& weights) {
  Inside& in = *inside_;
  in.run(weights);
  std::map<std::string, LayerState> states;
  for (const auto& [value, layer] : in.gradients) {
    LayerState& state = states[layer];
    state.gradient_norm = std::hypot(state.gradient_norm, norm_of(in.stepper->read(value)));
  }
  for (const ParameterInfo& parameter : in.graph.parameters) {
    LayerState& state = states[layer_of(parameter.name)];
    state.weight_norm = std::hypot(state.weight_norm, norm_of(weights.at(parameter.name)));
  }
  const auto rows = static_cast<int64_t>(in.rows.size());
  for (const auto& [value, layer] : in.activations) {
    const Shape& shape = in.graph.graph.shape(value);
    const std::vector<float> outputs = in.stepper->read_rows(value, rows);
    const int64_t units = shape.size() > 1 ? shape[1] : 1, size = row_size(shape);
    std::vector<uint8_t> alive(static_cast<size_t>(units));
    for (int64_t i = 0; i < rows * size; ++i) {
      if (outputs[static_cast<size_t>(i)] != 0) {
        alive[static_cast<size_t>(i % size / (size / units))] = 1;
      }
    }
    LayerState& state = states[layer];
    state.units += units;
    state.dead += std::count(alive.begin(), alive.end(), uint8_t{0});
  }
  std::vector<LayerState> ordered;
  for (const std::string& layer : in.layers) {
    const auto found = states.find(layer);
    if (found == states.end()) continue;
    found->second.layer = layer;
    ordered.push_back(found->second);
  }
  return ordered;
}

}  // namespace sinapse
