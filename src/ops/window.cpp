#include "ops/window.h"

#include <fmt/format.h>

#include "ops/operators.h"

namespace sinapse {

namespace {

// So large that only a mistake asks for it, so small that products of sizes stay within 64 bits.
constexpr int64_t kMostSize = int64_t{1} << 24;

std::vector<int64_t> filled(const Node& node, std::string_view name, size_t count, int64_t filling,
                            int64_t least) {
  std::vector<int64_t> values = node.integers(name);
  if (values.empty()) values.assign(count, filling);
  if (values.size() != count) {
    fail_shape(node, fmt::format("{} has {} entries, but {} are expected for the spatial axes",
                                 name, values.size(), count));
  }
  for (const int64_t value : values) {
    if (value < least || value > kMostSize) {
      fail_shape(node, fmt::format("{} must be between {} and {}, but is {}", name, least,
                                   kMostSize, value));
    }
  }
  return values;
}

// Counts through all places of a box, the last axis fastest.
bool next_place(std::vector<int64_t>& place, std::span<const int64_t> sizes) {
  for (size_t axis = sizes.size(); axis-- > 0;) {
    if (++place[axis] < sizes[axis]) return true;
    place[axis] = 0;
  }
  return false;
}

// The element under a place of the window, or -1 in the padding.
int64_t input_of(const Window& window, std::span<const int64_t> input_sizes,
                 std::span<const int64_t> output, std::span<const int64_t> kernel) {
  int64_t index = 0;
  for (size_t axis = 0; axis < input_sizes.size(); ++axis) {
    const int64_t at = output[axis] * window.strides[axis] + kernel[axis] * window.dilations[axis] -
                       window.pads[axis];
    if (at < 0 || at >= input_sizes[axis]) return -1;
    index = index * input_sizes[axis] + at;
  }
  return index;
}

}  // namespace

Window window_of(const Node& node, std::vector<int64_t> kernel) {
  const size_t rank = kernel.size();
  for (const int64_t size : kernel) {
    if (size < 1 || size > kMostSize) {
      fail_shape(node, fmt::format("a window cannot be {} elements long", size));
    }
  }
  Window window{.kernel = std::move(kernel)};
  window.strides = filled(node, "strides", rank, 1, 1);
  window.pads = filled(node, "pads", 2 * rank, 0, 0);
  window.dilations = filled(node, "dilations", rank, 1, 1);
  return window;
}

std::vector<int64_t> output_sizes(const Node& node, const Window& window,
                                  std::span<const int64_t> input_sizes) {
  if (input_sizes.size() != window.rank()) {
    fail_shape(node, fmt::format("the window has {} axes, but its input has {} spatial axes",
                                 window.rank(), input_sizes.size()));
  }
  std::vector<int64_t> sizes;
  for (size_t axis = 0; axis < window.rank(); ++axis) {
    const int64_t padded =
        input_sizes[axis] + window.pads[axis] + window.pads[window.rank() + axis];
    if (padded < window.extent(axis)) {
      fail_shape(node, fmt::format("a window of {} does not fit into {} elements (spatial axis {}, "
                                   "padding included)",
                                   window.extent(axis), padded, axis));
    }
    sizes.push_back((padded - window.extent(axis)) / window.strides[axis] + 1);
  }
  return sizes;
}

std::vector<int64_t> spatial_sizes(const Graph& graph, const Node& node, ValueId id) {
  const Shape& shape = graph.shape(id);
  if (!is_batched(shape) || shape.size() < 3) {
    fail_shape(node, fmt::format("expects [batch, channels, at least one spatial axis], but its "
                                 "input is {}",
                                 to_string(shape)));
  }
  return {shape.begin() + 2, shape.end()};
}

std::vector<Tap> taps_of(const Window& window, std::span<const int64_t> input_sizes,
                         std::span<const int64_t> output_sizes) {
  std::vector<Tap> taps;
  std::vector<int64_t> output(window.rank(), 0), kernel(window.rank(), 0);
  int64_t output_index = 0;
  do {
    int64_t kernel_index = 0;
    do {
      const int64_t input = input_of(window, input_sizes, output, kernel);
      if (input >= 0) taps.push_back({output_index, kernel_index, input});
      ++kernel_index;
    } while (next_place(kernel, window.kernel));
    ++output_index;
  } while (next_place(output, output_sizes));
  return taps;
}

std::vector<AttributeSpec> window_attributes() {
  const std::vector<int64_t> none;
  return {{"strides", none, "steps between two windows; empty: 1"},
          {"pads", none, "zeros before each spatial axis, then after each; empty: none"},
          {"dilations", none, "distance of neighbours inside a window; empty: 1"}};
}

Attributes window_attributes_of(const Node& node) {
  Attributes attributes;
  for (const AttributeSpec& spec : window_attributes()) {
    attributes[std::string(spec.name)] = node.attributes.find(spec.name)->second;
  }
  return attributes;
}

}  // namespace sinapse
