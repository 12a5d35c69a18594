#include "ops/connections.h"

#include <fmt/format.h>

#include "ops/operators.h"

namespace sinapse {

namespace {

int64_t elements(std::span<const int64_t> sizes) {
  int64_t count = 1;
  for (const int64_t size : sizes) count *= size;
  return count;
}

}  // namespace

std::vector<int64_t> kernel_sizes(const Shape& weight) {
  return {weight.begin() + 2, weight.end()};
}

Shape with_channels(int64_t channels, std::span<const int64_t> sizes) {
  Shape row{channels};
  row.insert(row.end(), sizes.begin(), sizes.end());
  return batched(row);
}

void check_weight(const Graph& graph, const Node& node, int64_t channels_of_x) {
  const Shape& x = graph.shape(node.inputs[0]);
  const Shape& weight = graph.shape(node.inputs[1]);
  const int64_t groups = node.integer("group");
  if (weight.size() != x.size()) {
    fail_shape(node, fmt::format("weight {} and x {} must have as many axes", to_string(weight),
                                 to_string(x)));
  }
  if (groups < 1 || weight[0] % groups != 0) {
    fail_shape(node, fmt::format("{} filters cannot be divided into {} groups", weight[0], groups));
  }
  if (x[1] != channels_of_x) {
    fail_shape(node, fmt::format("weight {} with {} groups expects {} channels, but x is {}",
                                 to_string(weight), groups, channels_of_x, to_string(x)));
  }
}

void check_bias(const Graph& graph, const Node& node, int64_t channels) {
  if (node.inputs.size() < 3 || node.inputs[2] == kNoValue) return;
  if (graph.shape(node.inputs[2]) == Shape{channels}) return;
  fail_shape(node, fmt::format("bias {} does not fit {} channels",
                               to_string(graph.shape(node.inputs[2])), channels));
}

Connections connections(const Node& node, const Shape& input, const Shape& output,
                        std::vector<int64_t> kernel) {
  const int64_t groups = node.integer("group");
  const std::span<const int64_t> from = std::span(input).subspan(2),
                                 to = std::span(output).subspan(2);
  Connections c{.groups = groups,
                .inputs = input[1] / groups,
                .outputs = output[1] / groups,
                .input_elements = elements(from),
                .output_elements = elements(to),
                .kernel_elements = elements(kernel)};
  c.taps = taps_of(window_of(node, std::move(kernel)), from, to);
  return c;
}

std::vector<AttributeSpec> convolution_attributes(std::vector<AttributeSpec> own) {
  std::vector<AttributeSpec> all = window_attributes();
  all.push_back({"group", int64_t{1}, "independent convolutions side by side"});
  all.insert(all.end(), own.begin(), own.end());
  return all;
}

Attributes convolution_attributes_of(const Node& node) {
  Attributes attributes = window_attributes_of(node);
  attributes["group"] = node.integer("group");
  return attributes;
}

}  // namespace sinapse
