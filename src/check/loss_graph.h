// A network with its loss as one graph, filled with rows, in double precision.
#pragma once

#include "compile/interpreter.h"
#include "network/network.h"
#include "network/trained_network.h"
#include "train/dataset.h"

namespace sinapse {

struct LossGraph {
  Graph graph;
  std::vector<ValueId> inputs;
  ValueId output = kNoValue, target = kNoValue, loss = kNoValue;
  std::vector<ParameterInfo> parameters;
  std::vector<LayerSummary> layers;

  /// Whether the input is an index of embeddings and nothing else: it has no derivative.
  bool is_index(ValueId input) const;
};

/// The network in training or inference, and the loss of each row.
LossGraph build_loss_graph(const NetworkDescription& network,
                           const std::vector<InputDescription>& inputs, const std::string& loss,
                           bool training);

using Weights = std::map<std::string, std::vector<float>>;

/// Initial weights.
Weights draw_weights(const std::vector<ParameterInfo>& parameters, uint64_t seed);

/// Random rows for the graph: normal numbers, indices within the smallest table, and targets as the
/// loss wants them.
Dataset draw_data(const LossGraph& graph, const std::string& loss, int64_t rows, uint64_t seed);

/// Puts weights, inputs and targets into the interpreter. Targets that are missing become 0.
void fill(Interpreter<double>& interpreter, const LossGraph& graph, const Weights& weights,
          const Dataset& data);

}  // namespace sinapse
