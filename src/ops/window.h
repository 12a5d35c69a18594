// A window that slides over the spatial axes of a value [batch, channels, ...], of any rank: what
// convolutions and pooling have in common. Names and meanings are those of ONNX Conv and MaxPool.
#pragma once

#include "graph/operator.h"

namespace sinapse {

/// One entry for each spatial axis.
struct Window {
  std::vector<int64_t> kernel;     // elements of the window
  std::vector<int64_t> strides;    // steps between two windows
  std::vector<int64_t> pads;       // before each axis, then after each axis
  std::vector<int64_t> dilations;  // distance of two neighbours inside a window

  size_t rank() const { return kernel.size(); }
  int64_t extent(size_t axis) const { return (kernel[axis] - 1) * dilations[axis] + 1; }
};

/// Reads strides, pads and dilations of a node; empty lists mean ones, zeros and ones. Throws
/// Error(model) if they do not fit the kernel's rank or are out of range.
Window window_of(const Node& node, std::vector<int64_t> kernel);

/// The spatial sizes behind the window: floor((in + pads - extent) / stride) + 1. Throws
/// Error(model) if the window does not fit once.
std::vector<int64_t> output_sizes(const Node& node, const Window& window,
                                  std::span<const int64_t> input_sizes);

/// The spatial axes of [batch, channels, ...]. Throws Error(model) if there are none.
std::vector<int64_t> spatial_sizes(const Graph& graph, const Node& node, ValueId id);

/// One element of a window that lies inside the input; positions count elements of a channel.
struct Tap {
  int64_t output, kernel, input;
};

/// All of them, ordered by output and then by place in the window. Padding has no taps.
std::vector<Tap> taps_of(const Window& window, std::span<const int64_t> input_sizes,
                         std::span<const int64_t> output_sizes);

/// The attributes that all windows have.
std::vector<AttributeSpec> window_attributes();

/// Those of a node, for its gradient.
Attributes window_attributes_of(const Node& node);

}  // namespace sinapse
