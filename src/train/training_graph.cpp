#include "train/training_graph.h"

#include <fmt/format.h>

#include <sinapse/error.h>

#include "compile/differentiate.h"
#include "ops/operators.h"
#include "train/losses.h"

namespace sinapse {

namespace {

// Zhang, Cisse, Dauphin, Lopez-Paz 2018.
void mix_losses(TrainingGraph& training, const Loss& loss) {
  Graph& graph = training.graph;
  training.partner_target = graph.add_input("partner_target", graph.shape(training.target));
  training.share = graph.add_input("share", batched({1}));
  const ValueId others = append_loss(graph, loss, training.output, training.partner_target);
  const auto append = [&](const Operator& op, ValueId a, ValueId b) {
    return graph.append(op, "mixed_loss", {a, b}).front();
  };
  const ValueId more = append(op::subtract(), training.loss, others);
  training.loss = append(op::add(), others, append(op::multiply(), training.share, more));
}

std::vector<CellState> carried_states(NetworkGraph& network) {
  std::vector<CellState> states = expose_states(network, stateful_layers(network));
  if (!states.empty()) return states;
  throw Error(ErrorCode::usage,
              "training.stateful hands on the states of recurrent layers with stateful: true, but "
              "the network has none. Set it for its rnn, lstm, gru or context layers.");
}

}  // namespace

TrainingGraph build_training_graph(const NetworkDescription& network,
                                   const std::vector<InputDescription>& inputs,
                                   const std::string& loss_text, const Optimizer& optimizer,
                                   const UpdateRules& rules, const LayerPatterns& frozen,
                                   bool mixes, bool stateful) {
  const Loss loss = parse_loss(loss_text);
  NetworkGraph built = build_network(network, inputs, /*training=*/true, frozen);
  const std::vector<ValueId> inputs_of_data = built.inputs;
  std::vector<CellState> states;
  if (stateful) states = carried_states(built);
  TrainingGraph training{.graph = std::move(built.graph),
                         .inputs = inputs_of_data,
                         .states = std::move(states),
                         .output = built.output,
                         .parameters = std::move(built.parameters),
                         .layers = std::move(built.layers)};
  Graph& graph = training.graph;
  training.target = graph.add_input("target", target_shape(loss, graph.shape(training.output)));
  training.row_weight = graph.add_input("row_weight", batched({1}));
  training.loss = append_loss(graph, loss, training.output, training.target);
  if (mixes) mix_losses(training, loss);
  training.num_forward_nodes = graph.nodes().size();

  if (optimizer.definition->full_batch) {
    training.full_batch = append_full_batch(graph, training.parameters, training.output,
                                            training.loss, training.row_weight,
                                            std::string(loss.definition->name), optimizer, rules);
    graph.set_outputs({training.output, training.loss, training.target, training.row_weight});
    return training;
  }
  std::vector<ValueId> trainable;
  for (const ParameterInfo& parameter : training.parameters) {
    if (parameter.trainable) trainable.push_back(parameter.value);
  }
  if (trainable.empty() && !frozen.empty()) {
    throw Error(ErrorCode::usage,
                "freeze: every layer with weights is frozen; nothing is left to learn.");
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
  std::vector<ValueId> outputs{training.output, training.loss};
  for (const CellState& state : training.states) outputs.push_back(state.after);
  graph.set_outputs(outputs);
  return training;
}

}  // namespace sinapse
