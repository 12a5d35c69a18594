// Where numbers stand inside a value, and which kernel works on them.
#include <stdexcept>

#include "compile/fused.h"
#include "compile/passes.h"
#include "compile/weight_layouts.h"
#include "compile/winograd.h"
#include "ops/operators.h"

namespace sinapse {

namespace {

Storage storage_of(const Value& value, bool in_panels, bool in_blocks) {
  Storage storage;
  storage.columns = row_size(value.shape);
  storage.layout = in_panels ? Layout::panels : Layout::rows;
  if (in_blocks) {
    storage.layout = Layout::blocks;
    storage.columns = storage.columns / value.shape[1] * round_up(value.shape[1], kLaneMultiple);
  }
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

// The copies of weights in panels that products want; plan_memory gives the places.
void want_copies(Program& program, const std::vector<bool>& panels) {
  program.transposed.assign(panels.size(), Storage{});
  program.rounded.assign(panels.size(), RoundedCopies{});
  program.winograd.assign(panels.size(), WinogradCopies{});
  for (const Node& node : program.graph.nodes()) {
    if (node.inputs.size() < 2 || node.inputs[1] == kNoValue) continue;
    const ValueId weight = node.inputs[1];
    if (!panels[weight]) continue;
    const bool transposed = wants_transposed_panels(node, 1);
    if (program.options.precision == ProductPrecision::bf16 &&
        multiplies_rounded(program.graph, node)) {
      RoundedCopies& copies = program.rounded[weight];
      (transposed ? copies.transposed : copies.plain) = {.space = Space::persistent, .offset = 0};
      continue;
    }
    if (transposed) {
      program.transposed[weight] = program.storages[weight];
      program.transposed[weight].offset = 0;
    }
    if (convolves_blocks(node) && filters_minimally(program.graph, node)) {
      WinogradCopies& copies = program.winograd[weight];
      (transposed ? copies.transposed : copies.plain) = {.space = Space::persistent, .offset = 0};
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
  const bool blocks = !program.blocked.empty();
  const std::vector<bool> panels = weights_in_panels(graph, blocks);
  program.storages.clear();
  for (size_t id = 0; id < graph.values().size(); ++id) {
    program.storages.push_back(
        storage_of(graph.values()[id], panels[id], blocks && program.blocked[id]));
  }
  pack_single_numbers(program);
  want_copies(program, panels);
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
