#include "compile/differentiate.h"

#include <stdexcept>

#include "ops/operators.h"

namespace sinapse {

namespace {

// Values on a path from a target: only these need gradients.
std::vector<bool> depends_on(const Graph& graph, std::span<const ValueId> targets) {
  std::vector<bool> depends(graph.values().size(), false);
  for (const ValueId id : targets) depends[id] = true;
  for (const Node& node : graph.nodes()) {
    bool any = false;
    for (const ValueId id : node.inputs) any = any || (id != kNoValue && depends[id]);
    if (!any || node.op->gradient == nullptr) continue;
    for (const ValueId id : node.outputs) depends[id] = true;
  }
  return depends;
}

}  // namespace

std::vector<ValueId> differentiate(Graph& graph, ValueId loss, ValueId seed,
                                   std::span<const ValueId> targets) {
  if (graph.shape(loss) != graph.shape(seed)) {
    throw std::logic_error("differentiate: seed and loss differ in shape");
  }
  const std::vector<bool> depends = depends_on(graph, targets);
  const size_t num_forward = graph.nodes().size();
  std::vector<ValueId> gradients(graph.values().size(), kNoValue);
  gradients[loss] = seed;
  GradientBuilder builder(graph);
  builder.set_wanted(depends);

  for (size_t index = num_forward; index-- > 0;) {
    const Node node = graph.nodes()[index];  // a copy: appending moves the nodes
    if (node.op->gradient == nullptr) continue;
    bool reached = false;
    std::vector<ValueId> output_gradients;
    for (const ValueId id : node.outputs) {
      output_gradients.push_back(gradients[id]);
      reached = reached || gradients[id] != kNoValue;
    }
    bool needed = false;
    for (const ValueId id : node.inputs) needed = needed || (id != kNoValue && depends[id]);
    if (!reached || !needed) continue;

    const std::vector<ValueId> input_gradients = node.op->gradient(builder, node, output_gradients);
    for (size_t i = 0; i < node.inputs.size(); ++i) {
      const ValueId id = node.inputs[i];
      if (id == kNoValue || !depends[id] || input_gradients[i] == kNoValue) continue;
      gradients[id] = gradients[id] == kNoValue
                          ? input_gradients[i]
                          : builder.append(op::add(), node, {gradients[id], input_gradients[i]});
    }
  }
  std::vector<ValueId> result;
  for (const ValueId id : targets) result.push_back(gradients[id]);
  return result;
}

}  // namespace sinapse
