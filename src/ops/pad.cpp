// Pad: zeros around the spatial axes. A negative number crops, so that the gradient is a Pad, too.
#include <fmt/format.h>

#include "ops/channel_map.h"
#include "ops/operators.h"
#include "ops/window.h"

namespace sinapse {

namespace {

constexpr int64_t kMostPad = int64_t{1} << 24;

std::vector<Shape> infer_pad(const Graph& graph, const Node& node) {
  std::vector<int64_t> sizes = spatial_sizes(graph, node, node.inputs[0]);
  const std::vector<int64_t>& pads = node.integers("pads");
  const Shape& x = graph.shape(node.inputs[0]);
  if (pads.size() != 2 * sizes.size()) {
    fail_shape(node,
               fmt::format("pads has {} entries, but x {} needs {}: before each spatial axis, "
                           "then after each",
                           pads.size(), to_string(x), 2 * sizes.size()));
  }
  for (size_t axis = 0; axis < sizes.size(); ++axis) {
    for (const int64_t pad : {pads[axis], pads[sizes.size() + axis]}) {
      if (pad < -sizes[axis] || pad > kMostPad) {
        fail_shape(node, fmt::format("{} elements cannot be added to spatial axis {} of x {}", pad,
                                     axis, to_string(x)));
      }
    }
  }
  const size_t rank = sizes.size();
  for (size_t axis = 0; axis < rank; ++axis) {
    sizes[axis] += pads[axis] + pads[rank + axis];
    if (sizes[axis] < 1) {
      fail_shape(node,
                 fmt::format("nothing is left of spatial axis {} of x {}", axis, to_string(x)));
    }
  }
  return {with_spatial_sizes(x, sizes)};
}

std::vector<ValueId> gradient_of_pad(GradientBuilder& builder, const Node& node,
                                     std::span<const ValueId> dy) {
  std::vector<int64_t> pads = node.integers("pads");
  for (int64_t& pad : pads) pad = -pad;
  return {builder.append(op::pad(), node, {dy[0]}, {{"pads", pads}})};
}

template <class T>
void reference_pad(const ReferenceCall<T>& call) {
  const Shape &x = call.input_shape(0), &y = call.graph.shape(call.node.outputs[0]);
  const std::vector<int64_t>& pads = call.node.integers("pads");
  AxisTerms axes;
  for (size_t axis = 2; axis < x.size(); ++axis) {
    std::vector<MapTerm>& terms = axes.emplace_back();
    for (int64_t o = 0; o < y[axis]; ++o) {
      const int64_t i = o - pads[axis - 2];
      if (i >= 0 && i < x[axis]) terms.push_back({o, i, 1});
    }
  }
  apply_map(combined(axes, spatial(x), spatial(y)), x[1], call.inputs[0], call.outputs[0]);
}

}  // namespace

const Operator& op::pad() {
  static const Operator definition{
      .name = "Pad",
      .doc = "Zeros around the spatial axes; negative numbers crop",
      .attributes = {{"pads", std::vector<int64_t>{}, "before each spatial axis, then after each"}},
      .infer = infer_pad,
      .gradient = gradient_of_pad,
      .reference32 = reference_pad<float>,
      .reference64 = reference_pad<double>};
  return definition;
}

}  // namespace sinapse
