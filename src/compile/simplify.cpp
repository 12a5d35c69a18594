#include "compile/passes.h"

namespace sinapse {

// Nodes keep their order; values stay in place, so that ids remain valid.
void remove_unused(Program& program) {
  Graph& graph = program.graph;
  std::vector<bool> needed(graph.values().size(), false);
  for (const ValueId id : graph.outputs()) needed[id] = true;
  std::vector<Node>& nodes = graph.mutable_nodes();
  std::vector<bool> keep(nodes.size(), false);
  for (size_t n = nodes.size(); n-- > 0;) {
    keep[n] = nodes[n].op->has_side_effect;
    for (const ValueId id : nodes[n].outputs) keep[n] = keep[n] || needed[id];
    if (!keep[n]) continue;
    for (const ValueId id : nodes[n].inputs) {
      if (id != kNoValue) needed[id] = true;
    }
  }
  std::vector<Node> kept;
  for (size_t n = 0; n < nodes.size(); ++n) {
    if (keep[n]) kept.push_back(std::move(nodes[n]));
  }
  nodes = std::move(kept);
}

}  // namespace sinapse
