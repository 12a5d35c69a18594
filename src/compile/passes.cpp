// From graph to plan: the list of passes.
#include "compile/passes.h"

#include <fmt/format.h>

namespace sinapse {

std::span<const Pass> passes() {
  static const Pass table[] = {
      {"remove_unused", "drops nodes whose results nobody needs", remove_unused, true},
      {"fuse_activations", "lets a product apply the activation to its own output",
       fuse_activations, true},
      {"fuse_activation_gradients", "lets the product with the transpose multiply by f'",
       fuse_activation_gradients, true},
      {"fuse_updates", "updates a slice of a weight while its gradient is hot", fuse_updates, true},
      {"block_channels", "keeps what convolutions work on in blocks of 16 channels", block_channels,
       true},
      {"fuse_blocks", "lets convolutions and normalisations finish what follows in blocks",
       fuse_blocks, true},
      {"assign_layouts", "gives every value rows at a padded stride, product weights panels",
       assign_layouts, false},
      {"choose_kernels", "takes the first kernel of the table that accepts a node", choose_kernels,
       false},
      {"group_into_stages", "orders the nodes into runs that need no waiting", group_into_stages,
       false},
      {"plan_memory", "gives every value its place, once for all steps", plan_memory, false},
  };
  return table;
}

void verify(const Program& program) {
  verify(program.graph);
  if (program.kernels.empty()) return;
  if (program.kernels.size() != program.graph.nodes().size()) {
    throw std::logic_error("a node has no kernel");
  }
  std::vector<int> scheduled(program.graph.nodes().size(), 0);
  for (const StageOutline& stage : program.stages) {
    for (const int32_t node : stage.nodes) ++scheduled.at(node);
  }
  if (program.stages.empty()) return;
  for (size_t n = 0; n < scheduled.size(); ++n) {
    const bool expected = program.kernels[n] != nullptr;
    if (scheduled[n] != (expected ? 1 : 0)) {
      throw std::logic_error(fmt::format("node {} \"{}\" stands in {} stages", n,
                                         program.graph.nodes()[n].name, scheduled[n]));
    }
  }
}

std::string print(const Program& program) {
  if (program.stages.empty()) return print(program.graph);
  std::string text;
  const auto place = [&](ValueId id) -> std::string {
    if (id == kNoValue) return "-";
    static constexpr const char* kNames[] = {"persistent", "batch", "tile"};
    const Storage& storage = program.storages[id];
    return fmt::format("{}@{}+{}", program.graph.value(id).name,
                       kNames[static_cast<int>(storage.space)], storage.offset);
  };
  for (size_t s = 0; s < program.stages.size(); ++s) {
    const StageOutline& stage = program.stages[s];
    text +=
        fmt::format("stage {} by {}\n", s, stage.parallel == Parallel::rows ? "rows" : "slices");
    for (const int32_t index : stage.nodes) {
      const Node& node = program.graph.nodes()[index];
      text += fmt::format("  {:<28}{:<24}", node.op->name, program.kernels[index]->name);
      for (const ValueId id : node.inputs) text += " " + place(id);
      text += " ->";
      for (const ValueId id : node.outputs) text += " " + place(id);
      text += "\n";
    }
  }
  return text;
}

}  // namespace sinapse
