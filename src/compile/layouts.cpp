// Where numbers stand inside a value, and which kernel works on them.
#include <stdexcept>

#include "compile/fused.h"
#include "compile/passes.h"
#include "ops/operators.h"

namespace sinapse {

namespace {

// Where a product node holds its weight among its inputs, or -1: the product kernels want panels.
int weight_input(const Node& node) {
  if (node.op == &op::gemm() || node.op == &op::fused_gemm()) return 1;
  if (node.op == &op::gemm_input_gradient() || node.op == &op::fused_gemm_input_gradient())
    return 1;
  if (node.op == &op::gemm_update()) return 0;
  return -1;
}

bool needs_transpose(const Node& node) {
  return node.op == &op::gemm_input_gradient() || node.op == &op::fused_gemm_input_gradient();
}

bool is_moment_of_gemm_update(const Node& node, size_t input) {
  return node.op == &op::gemm_update() && input >= 4;
}

// A weight goes into panels if nothing but products and updates touches it, and it is not narrow.
std::vector<bool> weights_in_panels(const Graph& graph) {
  std::vector<bool> panels(graph.values().size(), false);
  for (const Node& node : graph.nodes()) {
    const int input = weight_input(node);
    if (input < 0) continue;
    panels[node.inputs[input]] = !is_narrow(graph.shape(node.inputs[input]));
  }
  for (const Node& node : graph.nodes()) {
    for (size_t i = 0; i < node.inputs.size(); ++i) {
      const bool fine = static_cast<int>(i) == weight_input(node) || node.op == &op::update() ||
                        is_moment_of_gemm_update(node, i);
      if (node.inputs[i] != kNoValue && !fine) panels[node.inputs[i]] = false;
    }
  }
  for (const ValueId id : graph.outputs()) panels[id] = false;
  return panels;
}

// Gradient and moments of a weight stand in the order of the weight.
void spread_to_gradient_and_moments(const Graph& graph, std::vector<bool>& panels) {
  for (const Node& node : graph.nodes()) {
    if (node.op == &op::update()) {
      for (const ValueId id : node.inputs) panels[id] = panels[node.inputs[0]];
    } else if (node.op == &op::gemm_update()) {
      const size_t num_moments = (node.inputs.size() - 4) / (node.inputs[1] == kNoValue ? 1 : 2);
      for (size_t m = 0; m < num_moments; ++m) {
        panels[node.inputs[4 + m]] = panels[node.inputs[0]];
      }
    }
  }
}

Storage storage_of(const Value& value, bool in_panels) {
  Storage storage;
  storage.columns = row_size(value.shape);
  storage.layout = in_panels ? Layout::panels : Layout::rows;
  if (value.kind == ValueKind::parameter || value.kind == ValueKind::state) {
    storage.space = Space::persistent;
  }
  storage.stride = is_batched(value.shape) ? padded_stride(storage.columns) : 0;
  return storage;
}

// Labels, row weights and losses, one number a row, stand side by side; a product's single output
// keeps a whole vector to itself, because its kernel writes one.
void pack_single_numbers(Program& program) {
  const Graph& graph = program.graph;
  for (size_t id = 0; id < graph.values().size(); ++id) {
    const Value& value = graph.values()[id];
    if (value.kind == ValueKind::input && value.shape == batched({1})) {
      program.storages[id].stride = 1;
    }
  }
  for (const Node& node : graph.nodes()) {
    if (node.op == &op::elementwise_loss() || node.op == &op::softmax_cross_entropy()) {
      program.storages[node.outputs[0]].stride = 1;
    }
  }
}

void alias_reshapes(Program& program) {
  const Graph& graph = program.graph;
  program.alias.resize(graph.values().size());
  for (size_t id = 0; id < program.alias.size(); ++id) program.alias[id] = static_cast<ValueId>(id);
  for (const Node& node : graph.nodes()) {
    if (node.op == &op::reshape()) program.alias[node.outputs[0]] = program.alias[node.inputs[0]];
  }
}

}  // namespace

void assign_layouts(Program& program) {
  const Graph& graph = program.graph;
  alias_reshapes(program);
  std::vector<bool> panels = weights_in_panels(graph);
  spread_to_gradient_and_moments(graph, panels);
  program.storages.clear();
  program.transposed.assign(graph.values().size(), Storage{});
  for (size_t id = 0; id < graph.values().size(); ++id) {
    program.storages.push_back(storage_of(graph.values()[id], panels[id]));
  }
  pack_single_numbers(program);
  for (const Node& node : graph.nodes()) {
    if (!needs_transpose(node) || !panels[node.inputs[1]]) continue;
    Storage& copy = program.transposed[node.inputs[1]];
    copy = program.storages[node.inputs[1]];
    copy.offset = 0;  // wanted; plan_memory gives the place
  }
}

void choose_kernels(Program& program) {
  const Graph& graph = program.graph;
  const LowerContext context = program.context();
  program.kernels.clear();
  for (const Node& node : graph.nodes()) {
    const KernelRow* chosen = nullptr;
    const bool nothing_to_do = node.op == &op::reshape();
    for (const KernelRow& row : program.kernel_table) {
      if (nothing_to_do || chosen != nullptr) break;
      if (row.accepts(node, context)) chosen = &row;
    }
    if (chosen == nullptr && !nothing_to_do) {
      throw std::logic_error("no kernel accepts " + std::string(node.op->name));
    }
    program.kernels.push_back(chosen);
  }
}

}  // namespace sinapse
