// Cases of operators: convolutions, pools, and other axes. A line is one set of shapes.
#include "ops/operator_cases.h"
#include "ops/operators.h"

namespace sinapse {

namespace {

constexpr int64_t B = kBatch;
using Sizes = std::vector<int64_t>;

Attributes pool(Sizes kernel, Sizes strides = {}, Sizes pads = {}, Sizes dilations = {}) {
  return {{"kernel_shape", kernel}, {"strides", strides}, {"pads", pads}, {"dilations", dilations}};
}

Attributes resized(const char* mode, Sizes sizes) {
  return {{"mode", std::string(mode)}, {"sizes", std::move(sizes)}};
}

}  // namespace

std::vector<OperatorCase> spatial_cases() {
  return {
      {"conv", {number({B, 2, 5, 4}), number({3, 2, 3, 2}), number({3})}, apply(op::conv())},
      {"conv_without_bias", {number({B, 1, 4, 4}), number({2, 1, 1, 1})}, apply(op::conv())},
      {"conv_1d",
       {number({B, 2, 9}), number({3, 2, 3}), number({3})},
       apply(op::conv(), {{"strides", Sizes{2}}, {"pads", Sizes{2, 1}}, {"dilations", Sizes{2}}})},
      {"conv_3d",
       {number({B, 2, 3, 4, 3}), number({2, 2, 2, 2, 2}), number({2})},
       apply(op::conv(), {{"pads", Sizes{1, 0, 0, 0, 1, 1}}})},
      {"conv_4d", {number({B, 1, 2, 3, 2, 3}), number({2, 1, 2, 2, 1, 2})}, apply(op::conv())},
      {"conv_stride_beyond_kernel",
       {number({B, 1, 7, 7}), number({2, 1, 2, 2}), number({2})},
       apply(op::conv(), {{"strides", Sizes{3, 4}}})},
      {"conv_padding_beyond_kernel",
       {number({B, 1, 3, 3}), number({1, 1, 2, 2})},
       apply(op::conv(), {{"pads", Sizes{3, 2, 1, 3}}, {"strides", Sizes{2, 1}}})},
      {"conv_groups",
       {number({B, 4, 3, 3}), number({6, 2, 2, 2}), number({6})},
       apply(op::conv(), {{"group", int64_t{2}}})},
      {"conv_depthwise",
       {number({B, 3, 4, 4}), number({3, 1, 3, 3}), number({3})},
       apply(op::conv(), {{"group", int64_t{3}}, {"pads", Sizes{1, 1, 1, 1}}})},
      {"conv_transpose",
       {number({B, 2, 3, 3}), number({2, 3, 2, 3}), number({3})},
       apply(op::conv_transpose(), {{"strides", Sizes{2, 1}}})},
      {"conv_transpose_sizes",
       {number({B, 2, 3}), number({2, 1, 3})},
       apply(op::conv_transpose(),
             {{"strides", Sizes{2}}, {"pads", Sizes{1, 0}}, {"output_sizes", Sizes{7}}})},
      {"conv_transpose_groups",
       {number({B, 4, 3}), number({4, 2, 2}), number({4})},
       apply(op::conv_transpose(), {{"group", int64_t{2}}, {"dilations", Sizes{2}}})},

      {"max_pool", {number({B, 2, 4, 6})}, apply(op::max_pool(), pool({2, 2}, {2, 2}))},
      {"max_pool_overlapping",
       {number({B, 1, 5, 5})},
       apply(op::max_pool(), pool({3, 2}, {1, 2}, {1, 0, 1, 1}))},
      {"max_pool_1d", {number({B, 3, 7})}, apply(op::max_pool(), pool({3}, {2}, {}, {2}))},
      {"max_pool_3d", {number({B, 1, 4, 2, 2})}, apply(op::max_pool(), pool({2, 2, 1}))},
      {"average_pool", {number({B, 2, 4, 6})}, apply(op::average_pool(), pool({2, 3}, {2, 3}))},
      {"average_pool_padded",
       {number({B, 1, 5, 5})},
       apply(op::average_pool(), pool({3, 3}, {2, 2}, {1, 1, 1, 1}))},
      {"average_pool_counting_padding",
       {number({B, 1, 5})},
       apply(
           op::average_pool(),
           {{"kernel_shape", Sizes{2}}, {"pads", Sizes{1, 1}}, {"count_include_pad", int64_t{1}}})},
      {"average_pool_global",
       {number({B, 3, 2, 2, 2})},
       apply(op::average_pool(), pool({2, 2, 2}))},

      {"pad", {number({B, 2, 3, 4})}, apply(op::pad(), {{"pads", Sizes{1, 0, 0, 2}}})},
      {"pad_and_crop", {number({B, 2, 5})}, apply(op::pad(), {{"pads", Sizes{-2, 3}}})},
      {"crop_3d",
       {number({B, 1, 3, 2, 4})},
       apply(op::pad(), {{"pads", Sizes{-1, 0, -1, 0, 0, -2}}})},
      {"pad_4d",
       {number({B, 2, 2, 1, 2, 2})},
       apply(op::pad(), {{"pads", Sizes{0, 1, 0, 0, 1, 0, 0, -1}}})},
      {"resize_nearest", {number({B, 2, 2, 3})}, apply(op::resize(), resized("nearest", {4, 9}))},
      {"resize_nearest_4d",
       {number({B, 1, 2, 1, 2, 3})},
       apply(op::resize(), resized("nearest", {2, 3, 4, 3}))},
      {"resize_linear", {number({B, 2, 3, 2})}, apply(op::resize(), resized("linear", {6, 6}))},
      {"resize_linear_1d", {number({B, 2, 4})}, apply(op::resize(), resized("linear", {12}))},
      {"resize_linear_3d",
       {number({B, 1, 1, 3, 2})},
       apply(op::resize(), resized("linear", {2, 6, 2}))},
      {"resize_average", {number({B, 2, 5, 7})}, apply(op::resize(), resized("average", {3, 2}))},
      {"resize_average_3d",
       {number({B, 1, 5, 2, 3})},
       apply(op::resize(), resized("average", {2, 2, 1}))},
      {"adaptive_max_pool",
       {number({B, 2, 5, 7})},
       apply(op::adaptive_max_pool(), {{"sizes", Sizes{3, 2}}})},
      {"adaptive_max_pool_1d",
       {number({B, 3, 8})},
       apply(op::adaptive_max_pool(), {{"sizes", Sizes{5}}})},
  };
}

}  // namespace sinapse
