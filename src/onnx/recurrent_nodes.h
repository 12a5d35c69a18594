// RNN, LSTM and GRU as ONNX has them: time first, directions an axis of their own.
#pragma once

#include <string>
#include <vector>

#include "graph/graph.h"
#include "network/free_time.h"
#include "onnx/graph_writer.h"

namespace sinapse {

/// Writes a node of one of the three; the names of its inputs and then of its outputs stand in
/// `names`, by ValueId. Only outputs that others read are written. Throws Error(model) for an
/// activation that ONNX does not know in a cell.
void append_recurrent_nodes(GraphWriter& writer, const Graph& graph, const Node& node,
                            std::vector<std::string>& names);

/// The activations that a cell of an ONNX file may have.
bool is_recurrent_activation(const std::string& text);

}  // namespace sinapse
