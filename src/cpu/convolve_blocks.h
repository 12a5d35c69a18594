// Convolutions on values in blocks of 16 channels (Layout::blocks), weights in panels.
#pragma once

#include "compile/kernel.h"

namespace sinapse {

/// Results that a product of lines works on at once.
inline constexpr int64_t kHalfPanel = kPanelWidth / 2;

/// The sizes of the spatial axes of [batch, channels, ...].
inline std::span<const int64_t> places(const Shape& shape) {
  return std::span(shape).subspan(2);
}

/// [outputs, inputs, window...] of the weight whose gradient a node computes.
inline Shape shape_of_trained_weight(const Node& node, const LowerContext& context) {
  Shape weight{context.graph.shape(node.inputs[1])[1], context.graph.shape(node.inputs[0])[1]};
  const auto& kernel = node.integers("kernel_shape");
  weight.insert(weight.end(), kernel.begin(), kernel.end());
  return weight;
}

/// Whether the node's kernels for blocks take it (convolve_blocks.cpp).
bool convolves_in_blocks(const Node& node, const LowerContext& context);
std::unique_ptr<Kernel> make_block_convolution(const Node& node, const LowerContext& context);

/// The same for windows of 3 x 3 places (convolve_winograd.cpp).
bool convolves_minimally(const Node& node, const LowerContext& context);
std::unique_ptr<Kernel> make_winograd_convolution(const Node& node, const LowerContext& context);

/// ConvGradientParts and ConvGradientSum (convolve_blocks_gradient.cpp).
std::unique_ptr<Kernel> make_gradient_parts(const Node& node, const LowerContext& context);
std::unique_ptr<Kernel> make_gradient_sum(const Node& node, const LowerContext& context);

/// ConvGradientParts by products in bf16 (rounded_convolve_gradient.cpp).
std::unique_ptr<Kernel> make_rounded_gradient_parts(const Node& node, const LowerContext& context);

}  // namespace sinapse
