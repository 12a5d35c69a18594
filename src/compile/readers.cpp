#include "compile/readers.h"

#include <algorithm>

#include <sinapse/activation.h>

#include "ops/operators.h"

namespace sinapse {

std::vector<size_t> readers(const Graph& graph, ValueId value) {
  std::vector<size_t> found;
  for (size_t n = 0; n < graph.nodes().size(); ++n) {
    const auto& inputs = graph.nodes()[n].inputs;
    if (std::find(inputs.begin(), inputs.end(), value) != inputs.end()) found.push_back(n);
  }
  return found;
}

bool is_output(const Graph& graph, ValueId value) {
  const auto& outputs = graph.outputs();
  return std::find(outputs.begin(), outputs.end(), value) != outputs.end();
}

int64_t producer(const Graph& graph, ValueId value) {
  for (size_t n = 0; n < graph.nodes().size(); ++n) {
    const auto& outputs = graph.nodes()[n].outputs;
    if (std::find(outputs.begin(), outputs.end(), value) != outputs.end()) {
      return static_cast<int64_t>(n);
    }
  }
  return -1;
}

void erase_nodes(Graph& graph, const std::vector<bool>& doomed) {
  std::vector<Node> kept;
  for (size_t n = 0; n < graph.nodes().size(); ++n) {
    if (!doomed[n]) kept.push_back(std::move(graph.mutable_nodes()[n]));
  }
  graph.mutable_nodes() = std::move(kept);
}

bool saves_output(const Node& node) {
  return has_derivative_from_output(parse_activation(node.text("function")));
}

bool only_activation_reads(const Graph& graph, ValueId value, const Node& activation) {
  if (is_output(graph, value)) return false;
  for (const size_t n : readers(graph, value)) {
    const Node& reader = graph.nodes()[n];
    const bool itself = reader.outputs == activation.outputs;
    const bool its_gradient = reader.op == &op::activate_gradient() &&
                              reader.inputs[1] == activation.outputs[0] && saves_output(reader);
    if (!itself && !its_gradient) return false;
  }
  return true;
}

void forget_before_activation(Graph& graph, ValueId value, size_t activation) {
  for (const size_t reader : readers(graph, value)) {
    auto& inputs = graph.mutable_nodes()[reader].inputs;
    if (reader != activation) std::replace(inputs.begin(), inputs.end(), value, kNoValue);
  }
}

}  // namespace sinapse
