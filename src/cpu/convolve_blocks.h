// Convolutions on values in blocks of 16 channels (Layout::blocks), weights in panels.
#pragma once

#include "compile/kernel.h"

namespace sinapse {

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
