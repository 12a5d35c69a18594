// The states of recurrent cells from outside: what streaming and stateful model files stand on.
#pragma once

#include <string>
#include <vector>

#include "network/network.h"

namespace sinapse {

/// A cell's state [batch, n] before the first step and after the last: an input and an output of
/// the graph. Named "lstm1.h", "lstm1.c", "context1.c"; further cells of a layer "lstm1.2.h".
struct CellState {
  std::string name;
  ValueId before = kNoValue, after = kNoValue;
};

/// Lets the cells of these layers begin where they are told: appends their states to the inputs and
/// outputs of a graph built for inference. A sequence chopped into pieces, each from the states
/// that the piece before left, then gives the same as a whole; the first piece starts from zeros.
/// Throws Error(model) for a cell that walks backwards: what it needs comes from the future.
std::vector<CellState> expose_states(NetworkGraph& network, const std::vector<std::string>& layers);

/// The layers whose field `stateful` is set.
std::vector<std::string> stateful_layers(const NetworkGraph& network);

}  // namespace sinapse
