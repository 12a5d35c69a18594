// Resize: the spatial axes at other sizes, by the nearest element, linearly, or as means of bins.
#include <cmath>

#include <fmt/format.h>

#include "data/nearest.h"
#include "ops/channel_map.h"
#include "ops/operators.h"
#include "ops/window.h"

namespace sinapse {

namespace {

constexpr int64_t kMostSize = int64_t{1} << 24;

std::vector<MapTerm> nearest_terms(int64_t inputs, int64_t outputs) {
  std::vector<MapTerm> terms;
  for (int64_t o = 0; o < outputs; ++o) terms.push_back({o, o * inputs / outputs, 1});
  return terms;
}

// Elements lie at half numbers, (i + 1/2) / inputs; what lies outside is the first or last element.
std::vector<MapTerm> linear_terms(int64_t inputs, int64_t outputs) {
  std::vector<MapTerm> terms;
  for (int64_t o = 0; o < outputs; ++o) {
    const double scale = static_cast<double>(inputs) / static_cast<double>(outputs);
    const double at = std::max(0.0, (static_cast<double>(o) + 0.5) * scale - 0.5);
    const auto low = static_cast<int64_t>(at);
    const double share = at - static_cast<double>(low);
    terms.push_back({o, low, 1 - share});
    terms.push_back({o, std::min(low + 1, inputs - 1), share});
  }
  return terms;
}

std::vector<MapTerm> average_terms(int64_t inputs, int64_t outputs) {
  std::vector<MapTerm> terms;
  for (int64_t o = 0; o < outputs; ++o) {
    const Bin bin = bin_of(o, inputs, outputs);
    for (int64_t i = bin.begin; i < bin.end; ++i) {
      terms.push_back({o, i, 1 / static_cast<double>(bin.end - bin.begin)});
    }
  }
  return terms;
}

struct Mode {
  std::string name;
  std::vector<MapTerm> (*terms)(int64_t inputs, int64_t outputs);
};
const Mode kModes[] = {
    {"nearest", nearest_terms}, {"linear", linear_terms}, {"average", average_terms}};

const Mode& mode_of(const Node& node) {
  std::vector<std::string> known;
  for (const Mode& mode : kModes) {
    if (mode.name == node.text("mode")) return mode;
    known.push_back(mode.name);
  }
  fail_shape(node, fmt::format("there is no way \"{}\" to resize.{}", node.text("mode"),
                               did_you_mean(node.text("mode"), known)));
}

std::vector<MapTerm> terms_of(const Node& node, const Shape& x, const Shape& y) {
  AxisTerms axes;
  for (size_t axis = 2; axis < x.size(); ++axis) {
    axes.push_back(mode_of(node).terms(x[axis], y[axis]));
  }
  return combined(axes, spatial(x), spatial(y));
}

// `sizes` of the output, or, for the gradient, of the input.
std::vector<Shape> infer_sizes(const Graph& graph, const Node& node) {
  const Shape& x = graph.shape(node.inputs[0]);
  const std::vector<int64_t>& sizes = node.integers("sizes");
  mode_of(node);
  if (sizes.size() != spatial_sizes(graph, node, node.inputs[0]).size()) {
    fail_shape(node, fmt::format("sizes has {} entries, but x {} has {} spatial axes", sizes.size(),
                                 to_string(x), x.size() - 2));
  }
  for (const int64_t size : sizes) {
    if (size < 1 || size > kMostSize) fail_shape(node, fmt::format("{} is no size", size));
  }
  return {with_spatial_sizes(x, sizes)};
}

template <class T>
void reference_resize(const ReferenceCall<T>& call) {
  const Shape &x = call.input_shape(0), &y = call.graph.shape(call.node.outputs[0]);
  apply_map(terms_of(call.node, x, y), x[1], call.inputs[0], call.outputs[0]);
}

std::vector<ValueId> gradient_of_resize(GradientBuilder& builder, const Node& node,
                                        std::span<const ValueId> dy) {
  const std::span<const int64_t> sizes = spatial(builder.graph().shape(node.inputs[0]));
  return {builder.append(
      op::resize_gradient(), node, {dy[0]},
      {{"mode", node.text("mode")}, {"sizes", std::vector<int64_t>(sizes.begin(), sizes.end())}})};
}

template <class T>
void reference_resize_gradient(const ReferenceCall<T>& call) {
  const Shape &dy = call.input_shape(0), &dx = call.graph.shape(call.node.outputs[0]);
  apply_map(terms_of(call.node, dx, dy), dx[1], call.inputs[0], call.outputs[0],
            /*transposed=*/true);
}

std::vector<AttributeSpec> attributes(std::string_view of) {
  return {{"mode", std::string("nearest"), "nearest, linear, or average: means of bins"},
          {"sizes", std::vector<int64_t>{}, of}};
}

}  // namespace

const Operator& op::resize() {
  static const Operator definition{.name = "Resize",
                                   .doc = "The spatial axes at other sizes",
                                   .attributes = attributes("spatial sizes of y"),
                                   .infer = infer_sizes,
                                   .gradient = gradient_of_resize,
                                   .reference32 = reference_resize<float>,
                                   .reference64 = reference_resize<double>};
  return definition;
}

const Operator& op::resize_gradient() {
  static const Operator definition{.name = "ResizeGradient",
                                   .doc = "Each dy goes to the x it comes from.  Input dy",
                                   .attributes = attributes("spatial sizes of dx"),
                                   .infer = infer_sizes,
                                   .reference32 = reference_resize_gradient<float>,
                                   .reference64 = reference_resize_gradient<double>};
  return definition;
}

}  // namespace sinapse
