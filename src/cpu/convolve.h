// What the kernels of convolutions share. Letters: m filters, c channels, k places of the window,
// p windows; all of one group.
#pragma once

#include "compile/kernel.h"
#include "cpu/columns_of_image.h"
#include "ops/connections.h"

namespace sinapse {

/// The sizes of a convolution from `input` to `output` channels.
struct ConvolutionSizes {
  int64_t groups, channels, filters;        // of a group
  int64_t input_elements, output_elements;  // of a channel
  int64_t places;

  int64_t depth() const { return channels * places; }
};

inline ImageColumns image_columns(const Node& node, const Shape& input, const Shape& output,
                                  std::vector<int64_t> kernel, int64_t chunk) {
  return {window_of(node, std::move(kernel)), std::span(input).subspan(2),
          std::span(output).subspan(2), chunk};
}

inline ConvolutionSizes sizes_of(const Node& node, const Shape& input, const Shape& output,
                                 const ImageColumns& columns) {
  const int64_t groups = node.integer("group");
  return {groups,
          input[1] / groups,
          output[1] / groups,
          row_size(input) / input[1],
          row_size(output) / output[1],
          columns.num_places()};
}

/// The gradient by the weights (convolve_gradient.cpp).
std::unique_ptr<Kernel> make_convolution_weight_gradient(const Node& node,
                                                         const LowerContext& context);

}  // namespace sinapse
