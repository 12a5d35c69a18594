// Which weights stand in panels, and with them their gradients, moments and averages.
#include "compile/weight_layouts.h"

#include <sinapse/activation.h>

#include "compile/fused.h"
#include "compile/panels.h"
#include "ops/context.h"
#include "ops/operators.h"
#include "ops/recurrent.h"

namespace sinapse {

namespace {

bool is_recurrent(const Node& node) {
  return node.op == &op::rnn() || node.op == &op::lstm() || node.op == &op::gru();
}

}  // namespace

bool wants_panels(const Node& node, size_t input) {
  if (node.op == &op::gemm_update()) return input == 0;
  if (is_recurrent(node)) return input == recurrent::weight || input == recurrent::recurrence;
  if (node.op == &op::context()) {
    return is_element_wise(node) &&
           (input == context::recurrence || input == context::output_weight);
  }
  if (node.op == &op::context_sums_gradient()) {
    return is_element_wise(node) &&
           (input == context::back_recurrence || input == context::back_output_weight);
  }
  if (node.op == &op::gemm() || node.op == &op::fused_gemm() || node.op == &op::steps_product() ||
      convolves_blocks(node)) {
    return input == 1;
  }
  return node.op != &op::conv_transpose() && wants_transposed_panels(node, input);
}

bool wants_transposed_panels(const Node& node, size_t input) {
  if (node.op == &op::finished_conv()) return input == 1 && node.integer("transposed") != 0;
  const Operator* const ops[] = {&op::gemm_input_gradient(),     &op::fused_gemm_input_gradient(),
                                 &op::conv_transpose(),          &op::rnn_sums_gradient(),
                                 &op::lstm_sums_gradient(),      &op::gru_sums_gradient(),
                                 &op::recurrent_input_gradient()};
  return input == 1 && std::find(std::begin(ops), std::end(ops), node.op) != std::end(ops);
}

bool multiplies_rounded(const Graph& graph, const Node& node) {
  if (convolves_blocks(node)) return graph.shape(node.inputs[1])[1] > kFewInputs;
  const Operator* const ops[] = {&op::gemm(), &op::fused_gemm(), &op::gemm_input_gradient(),
                                 &op::fused_gemm_input_gradient()};
  return std::find(std::begin(ops), std::end(ops), node.op) != std::end(ops);
}

bool is_depthwise(const Graph& graph, const Node& node) {
  const Operator* op = node.op;
  if (op != &op::conv() && op != &op::fused_conv() && op != &op::conv_transpose() &&
      op != &op::conv_weight_gradient())
    return false;
  const int64_t channels = graph.shape(node.inputs[0])[1], group = node.integer("group");
  const bool gradient = op == &op::conv_weight_gradient();
  const ValueId other = gradient ? node.inputs[1] : node.outputs[0];
  return group == channels && graph.shape(other)[1] == channels && channels > kFewInputs;
}

bool convolves_blocks(const Node& node) {
  const bool convolution = node.op == &op::conv() || node.op == &op::fused_conv() ||
                           node.op == &op::finished_conv() || node.op == &op::conv_transpose();
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

// Whether this output, the gradient of a weight, can be written in any layout.
bool gives_gradient(const Node& node, ValueId output) {
  if (node.op == &op::recurrent_weight_gradient()) return output != node.outputs[2];
  const bool any_layout = node.op == &op::gemm_weight_gradient() ||
                          node.op == &op::steps_weight_gradient() ||
                          node.op == &op::conv_gradient_sum() ||
                          (node.op == &op::conv_weight_gradient() && node.integer("group") == 1);
  return any_layout && output == node.outputs[0];
}

// A recurrent cell has both of its weights in panels or none.
void refuse_half_cells(const Graph& graph, Sets& sets, std::vector<bool>& refused) {
  for (bool changed = true; changed;) {
    changed = false;
    for (const Node& node : graph.nodes()) {
      if (!is_recurrent(node)) continue;
      const ValueId w = sets.find(node.inputs[recurrent::weight]);
      const ValueId r = sets.find(node.inputs[recurrent::recurrence]);
      if (refused[w] == refused[r]) continue;
      refused[w] = refused[r] = changed = true;
    }
  }
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
      if (wants_panels(node, i)) {
        wanted[sets.find(id)] = true;
        const bool computed = graph.value(id).kind == ValueKind::result;
        const bool unwanted = convolves_blocks(node) && !of_convolutions;
        if (computed || unwanted || is_narrow(graph.shape(id))) refuse(id);
      } else if (!shares(id)) {
        refuse(id);
      }
    }
    for (const ValueId id : node.outputs) {
      if (!gives_gradient(node, id) && !shares(id)) refuse(id);
    }
  }
  for (const ValueId id : graph.outputs()) refuse(id);
  refuse_half_cells(graph, sets, refused);
  std::vector<bool> panels(count);
  for (size_t id = 0; id < count; ++id) {
    const ValueId set = sets.find(static_cast<ValueId>(id));
    panels[id] = wanted[set] && !refused[set];
  }
  return panels;
}

}  // namespace sinapse
