#include "train/training_graph.h"

#include <fmt/format.h>

#include "compile/differentiate.h"
#include "ops/operators.h"
#include "train/losses.h"

namespace sinapse {

namespace {

void append_update(Graph& graph, const ParameterInfo& parameter, ValueId gradient,
                   const Optimizer& optimizer) {
  std::vector<ValueId> inputs{parameter.value, gradient};
  for (int m = 0; m < num_moments(optimizer); ++m) {
    inputs.push_back(
        graph.add_state(fmt::format("{}:moment{}", parameter.name, m + 1), parameter.shape));
  }
  graph.append(op::update(), parameter.name + ".update", inputs,
               {{"optimizer", to_string(optimizer)}});
}

}  // namespace

TrainingGraph build_training_graph(const NetworkDescription& network,
                                   const std::vector<InputDescription>& inputs,
                                   const std::string& loss_text, const Optimizer& optimizer) {
  const Loss loss = parse_loss(loss_text);
  NetworkGraph built = build_network(network, inputs, /*training=*/true);
  TrainingGraph training{.graph = std::move(built.graph),
                         .inputs = built.inputs,
                         .output = built.output,
                         .parameters = std::move(built.parameters),
                         .layers = std::move(built.layers)};
  Graph& graph = training.graph;
  training.target = graph.add_input("target", target_shape(loss, graph.shape(training.output)));
  training.row_weight = graph.add_input("row_weight", batched({1}));
  training.loss = append_loss(graph, loss, training.output, training.target);
  training.num_forward_nodes = graph.nodes().size();

  std::vector<ValueId> trainable;
  for (const ParameterInfo& parameter : training.parameters) {
    if (parameter.trainable) trainable.push_back(parameter.value);
  }
  training.gradients = differentiate(graph, training.loss, training.row_weight, trainable);
  size_t next = 0;
  for (const ParameterInfo& parameter : training.parameters) {
    if (!parameter.trainable) continue;
    const ValueId gradient = training.gradients[next++];
    if (gradient != kNoValue) append_update(graph, parameter, gradient, optimizer);
  }
  graph.set_outputs({training.output, training.loss});
  return training;
}

}  // namespace sinapse
