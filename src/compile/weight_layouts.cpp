// Which weights stand in panels, and with them their gradients, moments and averages.
#include "compile/weight_layouts.h"

#include <sinapse/activation.h>

#include "compile/fused.h"
#include "compile/panels.h"
#include "ops/operators.h"

namespace sinapse {

int weight_input(const Node& node) {
  if (node.op == &op::gemm() || node.op == &op::fused_gemm()) return 1;
  if (node.op == &op::gemm_input_gradient() || node.op == &op::fused_gemm_input_gradient()) {
    return 1;
  }
  if (node.op == &op::gemm_update()) return 0;
  if (convolves_blocks(node)) return 1;
  return -1;
}

bool convolves_blocks(const Node& node) {
  const bool convolution =
      node.op == &op::conv() || node.op == &op::fused_conv() || node.op == &op::conv_transpose();
  return convolution && node.integer("group") == 1;
}

bool keeps_padding_zero(const Graph& graph, const Node& activation) {
  const Activation function = parse_activation(activation.text("function"));
  if (function.definition->row_wise) return false;
  const bool full = graph.shape(activation.outputs[0])[1] % kLaneMultiple == 0;
  return full || activate(function, 0.0) == 0;
}

namespace {

// Sets of values that share a layout.
class Sets {
 public:
  explicit Sets(size_t count) : parent_(count) {
    for (size_t i = 0; i < count; ++i) parent_[i] = static_cast<ValueId>(i);
  }
  ValueId find(ValueId id) {
    while (parent_[id] != id) id = parent_[id] = parent_[parent_[id]];
    return id;
  }
  void join(ValueId a, ValueId b) { parent_[find(a)] = find(b); }

 private:
  std::vector<ValueId> parent_;
};

// Whether a node takes this operand number by number, in whatever order they stand.
bool any_order(const Graph& graph, const Node& node, ValueId operand) {
  const Shape& shape = graph.shape(node.inputs[0]);
  if (!node.op->any_order || is_batched(shape) || graph.shape(operand) != shape) return false;
  return std::all_of(node.inputs.begin(), node.inputs.end(), [&](ValueId id) {
    return graph.shape(id) == shape || row_size(graph.shape(id)) == 1;
  });
}

bool is_moment_of_weight(const Node& node, size_t input) {
  if (node.op != &op::gemm_update() || input < 4) return false;
  const size_t num_moments = (node.inputs.size() - 4) / (node.inputs[1] == kNoValue ? 1 : 2);
  return input < 4 + num_moments;
}

// The values of a node that must have one layout.
std::vector<ValueId> sharing(const Graph& graph, const Node& node) {
  std::vector<ValueId> ids;
  for (size_t i = 0; i < node.inputs.size(); ++i) {
    const ValueId id = node.inputs[i];
    if (id == kNoValue) continue;
    const bool of_update =
        node.op == &op::gemm_update() && (i == 0 || is_moment_of_weight(node, i));
    if (of_update || any_order(graph, node, id)) ids.push_back(id);
  }
  for (const ValueId id : node.outputs) {
    if (any_order(graph, node, id)) ids.push_back(id);
  }
  return ids;
}

// Whether its first output, the gradient of a weight, can be written in any layout.
bool gives_gradient(const Node& node) {
  return node.op == &op::gemm_weight_gradient() || node.op == &op::conv_gradient_sum() ||
         (node.op == &op::conv_weight_gradient() && node.integer("group") == 1);
}

}  // namespace

// A set stands in panels if products read one of it, that is neither narrow nor computed, and
// nothing but products and operators that mind no order touches any of it.
std::vector<bool> weights_in_panels(const Graph& graph, bool of_convolutions) {
  const size_t count = graph.values().size();
  Sets sets(count);
  for (const Node& node : graph.nodes()) {
    const std::vector<ValueId> ids = sharing(graph, node);
    for (const ValueId id : ids) sets.join(id, ids.front());
  }
  std::vector<bool> wanted(count, false), refused(count, false);
  const auto refuse = [&](ValueId id) { refused[sets.find(id)] = true; };
  for (const Node& node : graph.nodes()) {
    const std::vector<ValueId> ids = sharing(graph, node);
    const auto shares = [&](ValueId id) {
      return std::find(ids.begin(), ids.end(), id) != ids.end();
    };
    for (size_t i = 0; i < node.inputs.size(); ++i) {
      const ValueId id = node.inputs[i];
      if (id == kNoValue) continue;
      if (static_cast<int>(i) == weight_input(node)) {
        wanted[sets.find(id)] = true;
        const bool computed = graph.value(id).kind == ValueKind::result;
        const bool unwanted = convolves_blocks(node) && !of_convolutions;
        if (computed || unwanted || is_narrow(graph.shape(id))) refuse(id);
      } else if (!shares(id)) {
        refuse(id);
      }
    }
    for (const ValueId id : node.outputs) {
      const bool gradient = gives_gradient(node) && id == node.outputs[0];
      if (!gradient && !shares(id)) refuse(id);
    }
  }
  for (const ValueId id : graph.outputs()) refuse(id);
  std::vector<bool> panels(count);
  for (size_t id = 0; id < count; ++id) {
    const ValueId set = sets.find(static_cast<ValueId>(id));
    panels[id] = wanted[set] && !refused[set];
  }
  return panels;
}

}  // namespace sinapse
