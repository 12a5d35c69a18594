// Fusing passes: fewer trips through memory for the same arithmetic.
#include <sinapse/activation.h>

#include <algorithm>

#include "compile/fused.h"
#include "compile/passes.h"
#include "compile/weight_layouts.h"
#include "ops/operators.h"

namespace sinapse {

namespace {

// The nodes that read a value, in order.
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

// The node computing a value, or -1.
int64_t producer(const Graph& graph, ValueId value) {
  for (size_t n = 0; n < graph.nodes().size(); ++n) {
    const auto& outputs = graph.nodes()[n].outputs;
    if (std::find(outputs.begin(), outputs.end(), value) != outputs.end()) return n;
  }
  return -1;
}

void erase_nodes(Graph& graph, std::vector<bool> doomed) {
  std::vector<Node> kept;
  for (size_t n = 0; n < graph.nodes().size(); ++n) {
    if (!doomed[n]) kept.push_back(std::move(graph.mutable_nodes()[n]));
  }
  graph.mutable_nodes() = std::move(kept);
}

bool saves_output(const Node& node) {
  return has_derivative_from_output(parse_activation(node.text("function")));
}

// Whether all readers of a product's output can do without it once the activation is inside: the
// activation itself, and its gradient if that is computed from y.
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

bool can_finish_with(const Graph& graph, const Node& product, const Node& activation) {
  if (product.op == &op::gemm()) return true;
  return product.op == &op::conv() && keeps_padding_zero(graph, activation);
}

}  // namespace

void fuse_activations(Program& program) {
  Graph& graph = program.graph;
  std::vector<bool> doomed(graph.nodes().size(), false);
  for (size_t n = 0; n < graph.nodes().size(); ++n) {
    Node& activation = graph.mutable_nodes()[n];
    if (activation.op != &op::activate()) continue;
    const ValueId sum = activation.inputs[0];
    const int64_t p = producer(graph, sum);
    if (p < 0 || !can_finish_with(graph, graph.nodes()[p], activation)) continue;
    if (!only_activation_reads(graph, sum, activation)) continue;
    for (const size_t reader : readers(graph, sum)) {
      auto& inputs = graph.mutable_nodes()[reader].inputs;
      if (reader != n) std::replace(inputs.begin(), inputs.end(), sum, kNoValue);
    }
    Node& product = graph.mutable_nodes()[p];
    product.op = product.op == &op::gemm() ? &op::fused_gemm() : &op::fused_conv();
    product.attributes.insert(activation.attributes.begin(), activation.attributes.end());
    product.outputs = activation.outputs;
    doomed[n] = true;
  }
  erase_nodes(graph, doomed);
}

void fuse_activation_gradients(Program& program) {
  Graph& graph = program.graph;
  std::vector<bool> doomed(graph.nodes().size(), false);
  for (size_t n = 0; n < graph.nodes().size(); ++n) {
    const Node gradient = graph.nodes()[n];
    if (gradient.op != &op::activate_gradient()) continue;
    const ValueId dy = gradient.inputs[2];
    const int64_t p = producer(graph, dy);
    if (p < 0 || graph.nodes()[p].op != &op::gemm_input_gradient()) continue;
    if (is_output(graph, dy) || readers(graph, dy).size() != 1) continue;
    const ValueId saved = gradient.inputs[saves_output(gradient) ? 1 : 0];
    Node& product = graph.mutable_nodes()[p];
    product.op = &op::fused_gemm_input_gradient();
    product.attributes = gradient.attributes;
    product.inputs.push_back(saved);
    product.outputs = gradient.outputs;
    doomed[n] = true;
  }
  erase_nodes(graph, doomed);
}

namespace {

// The Update that alone reads a gradient, or -1.
int64_t only_update_of(const Graph& graph, ValueId gradient) {
  const std::vector<size_t> all = readers(graph, gradient);
  if (is_output(graph, gradient) || all.size() != 1) return -1;
  return graph.nodes()[all[0]].op == &op::update() ? static_cast<int64_t>(all[0]) : -1;
}

}  // namespace

void fuse_updates(Program& program) {
  Graph& graph = program.graph;
  std::vector<bool> doomed(graph.nodes().size(), false);
  for (size_t n = 0; n < graph.nodes().size(); ++n) {
    const Node gradient = graph.nodes()[n];
    if (gradient.op != &op::gemm_weight_gradient()) continue;
    const int64_t weight = only_update_of(graph, gradient.outputs[0]);
    const bool has_bias = !readers(graph, gradient.outputs[1]).empty();
    const int64_t bias = has_bias ? only_update_of(graph, gradient.outputs[1]) : -1;
    if (weight < 0 || (has_bias && bias < 0)) continue;
    const Node& weight_update = graph.nodes()[weight];
    std::vector<ValueId> inputs{weight_update.inputs[0], kNoValue, gradient.inputs[0],
                                gradient.inputs[1]};
    inputs.insert(inputs.end(), weight_update.inputs.begin() + 2, weight_update.inputs.end());
    if (has_bias) {
      const Node& bias_update = graph.nodes()[bias];
      if (bias_update.attributes != weight_update.attributes) continue;
      inputs[1] = bias_update.inputs[0];
      inputs.insert(inputs.end(), bias_update.inputs.begin() + 2, bias_update.inputs.end());
      doomed[bias] = true;
    }
    // The later node stays: every other reader of the weight stands before its update.
    graph.mutable_nodes()[weight] = {&op::gemm_update(), weight_update.name, inputs, {},
                                     weight_update.attributes};
    doomed[n] = true;
  }
  erase_nodes(graph, doomed);
}

}  // namespace sinapse
