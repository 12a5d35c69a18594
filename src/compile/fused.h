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
const Operator& row_moments();
const Operator& statistics_of_moments();
const Operator& row_slope_sums();
const Operator& sum_of_rows();

}  // namespace sinapse::op
