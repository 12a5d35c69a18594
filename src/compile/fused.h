// Operators that exist only inside a compiled program: what the fusing passes leave behind.
#pragma once

#include "graph/operator.h"

namespace sinapse::op {

const Operator& fused_gemm();
const Operator& fused_gemm_input_gradient();
const Operator& gemm_update();
const Operator& fused_conv();

// What block_channels leaves behind
const Operator& reorder();
const Operator& conv_gradient_parts();
const Operator& conv_gradient_sum();
const Operator& depthwise_gradient_parts();
const Operator& depthwise_gradient_sum();
/// Where FinishedConv has what may be absent.
struct FinishedConvInputs {
  static constexpr size_t bias = 2, scale = 3, shift = 4, mean = 5, variance = 6, addend = 7,
                          saved = 8, count = 9;
};
const Operator& finished_conv();
const Operator& finished_normalize();
const Operator& row_moments();
const Operator& statistics_of_moments();
const Operator& row_slope_sums();
const Operator& sum_of_rows();

}  // namespace sinapse::op
