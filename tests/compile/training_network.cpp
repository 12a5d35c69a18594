#include "compile/training_network.h"

#include "compile/differentiate.h"
#include "ops/operators.h"

namespace sinapse {

#include "ops/optimizers-inl.h"

namespace {

void add_loss(TrainingNetwork& network, const std::string& loss) {
  Graph& graph = network.graph;
  const bool classes = loss == "categorical_crossentropy";
  const Shape prediction = graph.shape(network.prediction);
  network.target = graph.add_input("target", classes ? batched({1}) : prediction);
  network.row_weight = graph.add_input("row_weight", batched({1}));
  const std::vector<ValueId> inputs{network.prediction, network.target};
  network.loss = classes ? graph.append(op::softmax_cross_entropy(), "loss", inputs)[0]
                         : graph.append(op::elementwise_loss(), "loss", inputs,
                                        {{"formula", loss}})[0];
}

void add_gradients(TrainingNetwork& network) {
  std::vector<ValueId> trainable;
  for (const ParameterInfo& info : network.parameters) {
    if (info.trainable) trainable.push_back(info.value);
  }
  const auto gradients =
      differentiate(network.graph, network.loss, network.row_weight, trainable);
  size_t next = 0;
  for (const ParameterInfo& info : network.parameters) {
    network.gradients.push_back(info.trainable ? gradients[next++] : kNoValue);
  }
}

void add_updates(TrainingNetwork& network) {
  Graph& graph = network.graph;
  for (size_t p = 0; p < network.parameters.size(); ++p) {
    const ParameterInfo& info = network.parameters[p];
    if (network.gradients[p] == kNoValue) continue;
    std::vector<ValueId> inputs{info.value, network.gradients[p]};
    for (int m = 0; m < network.optimizer.definition->num_moments; ++m) {
      const std::string name = info.name + ".moment" + std::to_string(m);
      network.moments.push_back(graph.add_state(name, info.shape));
      inputs.push_back(network.moments.back());
    }
    graph.append(op::update(), info.name, inputs, {{"optimizer", to_string(network.optimizer)}});
  }
}

}  // namespace

TrainingNetwork training_network(const NetworkDescription& description,
                                 const std::vector<InputDescription>& inputs,
                                 const std::string& loss, const std::string& optimizer) {
  NetworkGraph built = build_network(description, inputs, true);
  TrainingNetwork network{.graph = std::move(built.graph), .inputs = built.inputs,
                          .prediction = built.output, .parameters = std::move(built.parameters),
                          .optimizer = parse_optimizer(optimizer)};
  add_loss(network, loss);
  add_gradients(network);
  add_updates(network);
  network.graph.set_outputs({network.loss, network.prediction});
  verify(network.graph);
  return network;
}

Scalars prepared_scalars(const Optimizer& optimizer, double learning_rate, int64_t step) {
  Scalars scalars{};
  with_optimizer_formula(optimizer.definition->name, [&](auto formula) {
    scalars = formula.prepare(optimizer.constants, learning_rate, step);
  });
  return scalars;
}

}  // namespace sinapse
