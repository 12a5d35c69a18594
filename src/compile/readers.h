// Who computes and who reads a value: what fusing passes ask.
#pragma once

#include "graph/operator.h"

namespace sinapse {

/// The nodes that read a value, in order.
std::vector<size_t> readers(const Graph& graph, ValueId value);

bool is_output(const Graph& graph, ValueId value);

/// The node computing a value, or -1.
int64_t producer(const Graph& graph, ValueId value);

/// Removes the marked nodes; the others keep their order.
void erase_nodes(Graph& graph, const std::vector<bool>& doomed);

/// Whether the derivative of a node's activation is computed from its output.
bool saves_output(const Node& node);

/// Whether all readers of a value can do without it once the activation is computed with it: the
/// activation itself, and its gradient if that is computed from y.
bool only_activation_reads(const Graph& graph, ValueId value, const Node& activation);

/// Lets go of a value that only an activation and its gradient read.
void forget_before_activation(Graph& graph, ValueId value, size_t activation);

}  // namespace sinapse
