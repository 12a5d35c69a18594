// Fusing in blocks of channels: a convolution applies what follows while its results are in
// registers, a normalisation while it passes over them.
#include <algorithm>
#include <optional>

#include <sinapse/activation.h>

#include "compile/fused.h"
#include "compile/passes.h"
#include "compile/readers.h"
#include "compile/weight_layouts.h"
#include "ops/operators.h"

namespace sinapse {

namespace {

using Inputs = op::FinishedConvInputs;

bool is_relu(const Node& node) {
  return parse_activation(node.text("function")).definition->name == "relu";
}

class BlockFuser {
 public:
  explicit BlockFuser(Program& program)
      : graph_(program.graph), blocked_(program.blocked), doomed_(graph_.nodes().size(), false) {}

  void run() {
    for (const auto fuse :
         {&BlockFuser::fuse_normalization, &BlockFuser::fuse_addition, &BlockFuser::fuse_activation,
          &BlockFuser::fuse_mask, &BlockFuser::fuse_normalize}) {
      for (size_t n = 0; n < doomed_.size(); ++n) {
        if (!doomed_[n] && gives_blocks(n)) (this->*fuse)(n);
      }
    }
    erase_nodes(graph_, doomed_);
  }

 private:
  const Node& node(size_t n) const { return graph_.nodes()[n]; }
  bool gives_blocks(size_t n) const {
    return !node(n).outputs.empty() && blocked_[node(n).outputs[0]];
  }

  // The node that computes a value in blocks which nobody but node `reader` reads, or -1.
  int64_t only_for(ValueId value, size_t reader) const {
    if (value == kNoValue || !blocked_[value] || is_output(graph_, value)) return -1;
    for (const size_t r : live_readers(value)) {
      if (r != reader) return -1;
    }
    return live_producer(value);
  }

  std::vector<size_t> live_readers(ValueId value) const {
    std::vector<size_t> all = readers(graph_, value);
    std::erase_if(all, [&](size_t n) { return doomed_[n]; });
    return all;
  }
  int64_t live_producer(ValueId value) const {
    for (size_t n = 0; n < doomed_.size(); ++n) {
      if (!doomed_[n] && !node(n).outputs.empty() && node(n).outputs[0] == value) {
        return static_cast<int64_t>(n);
      }
    }
    return -1;
  }

  bool convolves(int64_t n) const {
    if (n < 0) return false;
    const Operator* op = node(n).op;
    if (is_depthwise(graph_, node(n))) return false;
    return op == &op::conv() || op == &op::conv_transpose() || op == &op::finished_conv();
  }
  // A convolution to which nothing but its sum has happened yet.
  bool is_bare(int64_t n) const {
    return convolves(n) &&
           (node(n).op != &op::finished_conv() || node(n).text("function") == "identity");
  }

  Node finished(const Node& conv) const {
    if (conv.op == &op::finished_conv()) return conv;
    Node copy = conv;
    copy.op = &op::finished_conv();
    copy.inputs.resize(Inputs::count, kNoValue);
    copy.attributes["transposed"] = int64_t{conv.op == &op::conv_transpose()};
    copy.attributes.try_emplace("output_sizes", std::vector<int64_t>{});
    copy.attributes["epsilon"] = 1e-5;
    copy.attributes["function"] = std::string("identity");
    return copy;
  }

  // Where a node can stand for nodes `earlier` and n: in the earlier place if all it reads is there
  // by then, else in the later one, unless what it reads has been overwritten meanwhile.
  std::optional<size_t> place_of(const Node& by, size_t earlier, size_t n) const {
    const auto is_there = [&](ValueId id) {
      return id == kNoValue || producer(graph_, id) < static_cast<int64_t>(earlier);
    };
    if (std::all_of(by.inputs.begin(), by.inputs.end(), is_there)) return earlier;
    for (size_t k = earlier + 1; k < n; ++k) {
      if (doomed_[k] || !node(k).op->writes_first_input) continue;
      const ValueId written = node(k).inputs[0];
      if (std::find(by.inputs.begin(), by.inputs.end(), written) != by.inputs.end()) return {};
    }
    return n;
  }

  void replace(size_t n, size_t earlier, size_t place, Node by) {
    by.outputs = node(n).outputs;
    doomed_[n] = doomed_[earlier] = true;
    doomed_[place] = false;
    graph_.mutable_nodes()[place] = std::move(by);
  }
  bool try_replace(size_t n, int64_t earlier, Node by) {
    const auto place = place_of(by, earlier, n);
    if (place) replace(n, earlier, *place, std::move(by));
    return place.has_value();
  }

  void fuse_normalization(size_t n) {
    if (node(n).op != &op::batch_normalization()) return;
    const int64_t conv = only_for(node(n).inputs[0], n);
    if (!convolves(conv) || node(conv).op != &op::conv()) return;
    Node fused = finished(node(conv));
    std::copy_n(node(n).inputs.begin() + 1, 4, fused.inputs.begin() + Inputs::scale);
    fused.attributes["epsilon"] = node(n).number("epsilon");
    try_replace(n, conv, std::move(fused));
  }

  void fuse_addition(size_t n) {
    if (node(n).op != &op::add()) return;
    const ValueId a = node(n).inputs[0], b = node(n).inputs[1];
    if (a == b) return;
    for (const auto& [sum, addend] : {std::pair(b, a), std::pair(a, b)}) {
      const int64_t conv = only_for(sum, n);
      if (!is_bare(conv) || !blocked_[addend]) continue;
      Node fused = finished(node(conv));
      if (fused.inputs[Inputs::addend] != kNoValue) continue;
      fused.inputs[Inputs::addend] = addend;
      if (try_replace(n, conv, std::move(fused))) return;
    }
  }

  void fuse_activation(size_t n) {
    if (node(n).op != &op::activate() || !is_relu(node(n))) return;
    const ValueId sum = node(n).inputs[0];
    const int64_t conv = live_producer(sum);
    if (!is_bare(conv) || !blocked_[sum] || !only_activation_reads(graph_, sum, node(n))) return;
    Node fused = finished(node(conv));
    fused.attributes["function"] = node(n).text("function");
    const auto place = place_of(fused, conv, n);
    if (!place) return;
    forget_before_activation(graph_, sum, n);
    replace(n, conv, *place, std::move(fused));
  }

  void fuse_mask(size_t n) {
    if (node(n).op != &op::activate_gradient() || !is_relu(node(n))) return;
    const int64_t conv = only_for(node(n).inputs[2], n);
    if (!is_bare(conv)) return;
    Node fused = finished(node(conv));
    fused.inputs[Inputs::saved] = node(n).inputs[1];
    fused.attributes["function"] = node(n).text("function");
    try_replace(n, conv, std::move(fused));
  }

  // relu(normalize(x)), relu(normalize(x) + addend)
  void fuse_normalize(size_t n) {
    if (node(n).op != &op::activate() || !is_relu(node(n))) return;
    const ValueId sum = node(n).inputs[0];
    const int64_t last = live_producer(sum);
    if (last < 0 || !blocked_[sum] || !only_activation_reads(graph_, sum, node(n))) return;
    int64_t normalize = last;
    ValueId addend = kNoValue;
    if (node(last).op == &op::add() && node(last).inputs[0] != node(last).inputs[1]) {
      for (const size_t side : {0, 1}) {
        const int64_t made = only_for(node(last).inputs[side], last);
        if (made < 0 || node(made).op != &op::batch_normalize()) continue;
        normalize = made, addend = node(last).inputs[1 - side];
      }
    }
    if (node(normalize).op != &op::batch_normalize()) return;
    Node fused = node(normalize);
    fused.op = &op::finished_normalize();
    fused.inputs.push_back(addend);
    const auto place = place_of(fused, normalize, n);
    if (!place) return;
    forget_before_activation(graph_, sum, n);
    doomed_[last] = true;
    replace(n, normalize, *place, std::move(fused));
  }

  Graph& graph_;
  const std::vector<bool>& blocked_;
  std::vector<bool> doomed_;
};

}  // namespace

void fuse_blocks(Program& program) {
  if (!program.blocked.empty()) BlockFuser(program).run();
}

}  // namespace sinapse
