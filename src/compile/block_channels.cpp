// Blocks of channels: convolutions and what stands between them work on values whose rows are
// [channels / 16, places, 16], so that vectors run along the channels. Such a value is a twin of
// the original one; the original is written, by a reorder, only if somebody wants plain order.
#include <algorithm>

#include "compile/fused.h"
#include "compile/passes.h"
#include "compile/weight_layouts.h"
#include "ops/operators.h"

namespace sinapse {

namespace {

// Fewer channels would leave a block emptier than the vectors are worth.
constexpr int64_t kEnoughChannels = 8;

bool has_places(const Shape& shape) {
  return is_batched(shape) && shape.size() >= 3;
}

class BlockChannels {
 public:
  explicit BlockChannels(Program& program)
      : program_(program),
        graph_(program.graph),
        packable_(weights_in_panels(graph_, /*of_convolutions=*/true)),
        twin_(graph_.values().size(), kNoValue),
        has_plain_(graph_.values().size(), true),
        born_blocked_(graph_.values().size(), false) {}

  void run() {
    is_read_.assign(graph_.values().size(), false);
    for (const Node& node : graph_.nodes()) {
      for (const ValueId id : node.inputs) {
        if (id != kNoValue) is_read_[id] = true;
      }
    }
    for (const ValueId id : graph_.outputs()) is_read_[id] = true;
    const std::vector<Node> nodes = std::move(graph_.mutable_nodes());
    graph_.mutable_nodes().clear();
    for (const Node& node : nodes) rewrite(node);
    for (const ValueId id : graph_.outputs()) plain(id);
    program_.blocked.assign(graph_.values().size(), false);
    for (const ValueId id : twin_) {
      if (id != kNoValue) program_.blocked[id] = true;
    }
  }

 private:
  void rewrite(const Node& node) {
    if (node.op == &op::conv_weight_gradient() && node.integer("group") == 1) {
      return split_weight_gradient(node);
    }
    if (node.op == &op::conv_weight_gradient() && is_depthwise(graph_, node)) {
      return split_depthwise_gradient(node);
    }
    if (node.op == &op::batch_statistics() && in_blocks(node.inputs[0])) {
      return split_statistics(node);
    }
    if (node.op == &op::batch_normalize_scale_gradient() &&
        (in_blocks(node.inputs[0]) || in_blocks(node.inputs[1]))) {
      return split_slope_sums(node);
    }
    if (works_in_blocks(node)) return append_blocked(node);
    Node copy = node;
    for (ValueId& id : copy.inputs) id = plain(id);
    append(copy);
  }

  bool in_blocks(ValueId id) const {
    if (id == kNoValue || !has_places(graph_.shape(id))) return false;
    return born_blocked_[id];
  }
  bool any_in_blocks(const Node& node) const {
    return std::any_of(node.inputs.begin(), node.inputs.end(),
                       [&](ValueId id) { return in_blocks(id); });
  }

  bool works_in_blocks(const Node& node) const {
    const Operator* op = node.op;
    if (convolves_blocks(node)) return packable_[node.inputs[1]];
    if (is_depthwise(graph_, node)) {
      return any_in_blocks(node) || graph_.shape(node.inputs[0])[1] >= kEnoughChannels;
    }
    const bool pools = op == &op::max_pool() || op == &op::max_pool_gradient() ||
                       op == &op::average_pool() || op == &op::average_pool_gradient();
    if (pools) {
      return any_in_blocks(node) || graph_.shape(node.inputs[0])[1] >= kEnoughChannels;
    }
    if (!any_in_blocks(node)) return false;
    if (op == &op::batch_normalize() || op == &op::batch_normalize_input_gradient() ||
        op == &op::batch_normalization()) {
      return true;
    }
    const bool activates = op == &op::activate() || op == &op::activate_gradient();
    return activates ? keeps_padding_zero(graph_, node) : adds_twins(node);
  }

  bool adds_twins(const Node& node) const {
    const bool arithmetic =
        node.op == &op::add() || node.op == &op::subtract() || node.op == &op::multiply();
    return arithmetic && graph_.shape(node.inputs[0]) == graph_.shape(node.inputs[1]);
  }

  // Batched inputs and outputs with places become their twins; what belongs to channels stays. A
  // convolution of few channels reads them in plain order.
  void append_blocked(const Node& node) {
    Node copy = node;
    for (size_t i = 0; i < copy.inputs.size(); ++i) {
      ValueId& id = copy.inputs[i];
      if (id == kNoValue || !has_places(graph_.shape(id))) continue;
      id = reads_plain(node) ? plain(id) : blocks(id);
    }
    for (ValueId& id : copy.outputs) {
      born_blocked_[id] = true;
      has_plain_[id] = false;
      id = twin_[id] = add_twin(id);
    }
    append(copy);
  }

  bool reads_plain(const Node& node) const {
    const bool forward = node.op == &op::conv() || node.op == &op::fused_conv();
    return forward && graph_.shape(node.inputs[0])[1] <= kFewInputs;
  }

  // Parts of the batch are summed by themselves, then the parts, always the same.
  void split_weight_gradient(const Node& node) {
    const ValueId x = node.inputs[0], dy = node.inputs[1];
    const bool few = graph_.shape(x)[1] <= kFewInputs;
    const ValueId own_x = few ? plain(x) : blocks(x), own_dy = blocks(dy);
    Attributes attributes = node.attributes;
    attributes["use_bias"] = int64_t{is_read_[node.outputs[1]]};
    const ValueId parts =
        graph_.append(op::conv_gradient_parts(), node.name, {own_x, own_dy}, attributes)[0];
    append({&op::conv_gradient_sum(),
            node.name,
            {parts},
            node.outputs,
            {{"weight_shape", graph_.shape(node.outputs[0])}}});
  }

  void split_depthwise_gradient(const Node& node) {
    const ValueId x = blocks(node.inputs[0]), dy = blocks(node.inputs[1]);
    const ValueId parts =
        graph_.append(op::depthwise_gradient_parts(), node.name, {x, dy}, node.attributes)[0];
    append({&op::depthwise_gradient_sum(),
            node.name,
            {parts},
            node.outputs,
            {{"weight_shape", graph_.shape(node.outputs[0])}}});
  }

  void split_statistics(const Node& node) {
    const ValueId x = blocks(node.inputs[0]);
    const ValueId moments = graph_.append(op::row_moments(), node.name, {x})[0];
    const Shape& shape = graph_.shape(node.inputs[0]);
    Attributes attributes = node.attributes;
    attributes["channels"] = shape[1];
    attributes["places"] = row_size(shape) / shape[1];
    append({&op::statistics_of_moments(),
            node.name,
            {moments, node.inputs[1], node.inputs[2]},
            node.outputs,
            attributes});
  }

  void split_slope_sums(const Node& node) {
    const ValueId x = blocks(node.inputs[0]), dy = blocks(node.inputs[1]);
    const ValueId sums =
        graph_.append(op::row_slope_sums(), node.name, {x, dy, node.inputs[2], node.inputs[3]})[0];
    append({&op::sum_of_rows(),
            node.name,
            {sums},
            node.outputs,
            {{"channels", graph_.shape(node.inputs[0])[1]}}});
  }

  ValueId plain(ValueId id) {
    if (id != kNoValue && !has_plain_[id]) {
      has_plain_[id] = true;
      append({&op::reorder(), graph_.value(id).name, {twin_[id]}, {id}, {}});
    }
    return id;
  }

  ValueId blocks(ValueId id) {
    if (twin_[id] == kNoValue) {
      twin_[id] = add_twin(id);
      append({&op::reorder(), graph_.value(id).name, {id}, {twin_[id]}, {}});
    }
    return twin_[id];
  }

  ValueId add_twin(ValueId id) {
    Value twin = graph_.value(id);
    twin.name += ".blocks";
    twin.kind = ValueKind::result;
    graph_.mutable_values().push_back(std::move(twin));
    return static_cast<ValueId>(graph_.values().size()) - 1;
  }

  void append(Node node) { graph_.mutable_nodes().push_back(std::move(node)); }

  Program& program_;
  Graph& graph_;
  const std::vector<bool> packable_;
  std::vector<ValueId> twin_;  // by original ValueId
  std::vector<bool> has_plain_, born_blocked_, is_read_;
};

bool convolves(const Graph& graph) {
  return std::any_of(graph.nodes().begin(), graph.nodes().end(), convolves_blocks);
}

}  // namespace

void block_channels(Program& program) {
  if (convolves(program.graph)) BlockChannels(program).run();
}

}  // namespace sinapse
