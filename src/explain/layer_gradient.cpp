#include "explain/layer_gradient.h"

#include <algorithm>

#include <fmt/format.h>

#include <sinapse/error.h>

#include "compile/differentiate.h"
#include "cpu/executor.h"
#include "cpu/kernels.h"
#include "data/nearest.h"
#include "network/network.h"
#include "ops/operators.h"

namespace sinapse {

namespace {

bool has_places(const Shape& shape) {
  return shape.size() == 4 && is_batched(shape);
}

// The last value as large as what the last convolution puts out; kNoValue without a convolution.
ValueId after_convolutions(const Graph& graph) {
  ValueId last = kNoValue;
  for (const Node& node : graph.nodes())
    if (node.op == &op::conv() && has_places(graph.shape(node.outputs[0]))) last = node.outputs[0];
  if (last == kNoValue) return last;
  const Shape shape = graph.shape(last);
  for (const Node& node : graph.nodes())
    if (graph.shape(node.outputs[0]) == shape) last = std::max(last, node.outputs[0]);
  return last;
}

ValueId output_of_layer(const Graph& graph, const std::string& layer) {
  ValueId found = kNoValue;
  std::vector<std::string> names;
  for (const Node& node : graph.nodes()) {
    if (!has_places(graph.shape(node.outputs[0]))) continue;
    if (node.name == layer) found = node.outputs[0];
    if (names.empty() || names.back() != node.name) names.push_back(node.name);
  }
  if (found != kNoValue) return found;
  throw Error(ErrorCode::usage,
              fmt::format("No layer \"{}\" puts out [channels, height, width].{}", layer,
                          names.empty() ? "" : did_you_mean(layer, names)));
}

std::string name_of_producer(const Graph& graph, ValueId value) {
  for (const Node& node : graph.nodes())
    if (node.outputs[0] == value) return node.name;
  return "";
}

}  // namespace

struct LayerGradient::State {
  std::string layer;
  std::vector<ValueId> inputs;
  ValueId value = kNoValue, seed = kNoValue, gradient = kNoValue;
  Shape shape;
  Team no_team{1};
  std::shared_ptr<const Plan> plan;
  std::unique_ptr<Executor> weights;
};

LayerGradient::LayerGradient(const TrainedNetwork& trained, const std::string& layer)
    : state_(std::make_unique<State>()) {
  NetworkGraph network = build_network(trained.network, input_descriptions(trained), false);
  Graph& graph = network.graph;
  state_->inputs = network.inputs;
  state_->value = layer.empty() ? after_convolutions(graph) : output_of_layer(graph, layer);
  if (state_->value == kNoValue)
    throw Error(ErrorCode::usage, "The network has no convolution over two axes to look at.");
  state_->layer = name_of_producer(graph, state_->value);
  state_->shape = row_shape(graph.shape(state_->value));
  state_->seed = graph.add_input("seed", graph.shape(network.output));
  const std::vector<ValueId> targets{state_->value};
  state_->gradient = differentiate(graph, network.output, state_->seed, targets).front();
  if (state_->gradient == kNoValue) {
    throw Error(ErrorCode::usage,
                fmt::format("The output does not depend on layer \"{}\".", state_->layer));
  }
  graph.set_outputs({state_->value, state_->gradient});
  state_->plan = compile(std::move(graph), {.max_rows = 1}, cpu_kernels());
  state_->weights = std::make_unique<Executor>(state_->plan, state_->no_team);
  for (const ParameterInfo& parameter : network.parameters)
    state_->weights->write(parameter.value, trained.weights.at(parameter.name));
}

LayerGradient::~LayerGradient() = default;

bool LayerGradient::exists(const TrainedNetwork& trained) {
  return after_convolutions(
             build_network(trained.network, input_descriptions(trained), false).graph) != kNoValue;
}

const std::string& LayerGradient::layer() const {
  return state_->layer;
}

Shape LayerGradient::shape() const {
  return state_->shape;
}

LayerGradient::Values LayerGradient::evaluate(const Dataset& data, int64_t row, int64_t output,
                                              Team& team) const {
  Executor executor(state_->plan, team, state_->weights.get());
  std::vector<View<float>> inputs;
  for (const ValueId id : state_->inputs) inputs.push_back(executor.rows(id, 1));
  executor.run(1, {}, [&](int64_t, int64_t) {
    copy_inputs(data, row, nullptr, inputs, 0);
    const View<float> seed = executor.rows(state_->seed, 1);
    for (int64_t i = 0; i < seed.columns; ++i) seed.at(0, i) = i == output ? 1.0f : 0.0f;
  });
  const auto read = [&](ValueId id) {
    const View<float> view = executor.rows(id, 1);
    return std::vector<double>(view.row(0), view.row(0) + view.columns);
  };
  return {read(state_->value), read(state_->gradient)};
}

}  // namespace sinapse
