#include "train/training_graph.h"

#include <fmt/format.h>

#include "compile/differentiate.h"
#include "ops/operators.h"

namespace sinapse {

namespace {

constexpr std::string_view kSoftmaxCrossEntropy = "softmax_crossentropy";

ValueId append_loss(Graph& graph, const std::string& loss, ValueId output, ValueId target) {
  if (loss == kSoftmaxCrossEntropy) {
    return graph.append(op::softmax_cross_entropy(), "loss", {output, target}).front();
  }
  return graph.append(op::elementwise_loss(), "loss", {output, target}, {{"formula", loss}}).front();
}

}  // namespace

std::string default_loss(Task task) {
  switch (task) {
    case Task::regression: return "mean_squared_error";
    case Task::binary: return "binary_crossentropy";
    case Task::multiclass: break;
  }
  return std::string(kSoftmaxCrossEntropy);
}

TrainingGraph build_training_graph(const NetworkDescription& network,
                                   const std::vector<InputDescription>& inputs,
                                   const std::string& loss, const Optimizer& optimizer,
                                   const UpdateRules& rules) {
  NetworkGraph built = build_network(network, inputs, /*training=*/true);
  TrainingGraph training{.graph = std::move(built.graph),
                         .inputs = built.inputs,
                         .output = built.output,
                         .parameters = std::move(built.parameters),
                         .layers = std::move(built.layers)};
  Graph& graph = training.graph;
  const Shape target_shape =
      loss == kSoftmaxCrossEntropy ? batched({1}) : graph.shape(training.output);
  training.target = graph.add_input("target", target_shape);
  training.row_weight = graph.add_input("row_weight", batched({1}));
  training.loss = append_loss(graph, loss, training.output, training.target);
  training.num_forward_nodes = graph.nodes().size();

  std::vector<ValueId> trainable;
  for (const ParameterInfo& parameter : training.parameters) {
    if (parameter.trainable) trainable.push_back(parameter.value);
  }
  training.gradients = differentiate(graph, training.loss, training.row_weight, trainable);
  std::vector<Updated> updated;
  size_t next = 0;
  for (const ParameterInfo& parameter : training.parameters) {
    updated.push_back({parameter, parameter.trainable ? training.gradients[next++] : kNoValue});
  }
  append_updates(graph, updated, optimizer, rules);
  for (const Updated& one : updated) {
    if (rules.average) training.averages.push_back(one.average);
  }
  graph.set_outputs({training.output, training.loss});
  return training;
}

}  // namespace sinapse
