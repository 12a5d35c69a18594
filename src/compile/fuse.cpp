// Fusing passes: fewer trips through memory for the same arithmetic.
#include "compile/fused.h"
#include "compile/passes.h"
#include "compile/readers.h"
#include "compile/weight_layouts.h"
#include "ops/operators.h"

namespace sinapse {

namespace {

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
    forget_before_activation(graph, sum, n);
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
