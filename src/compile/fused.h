// Operators that exist only inside a compiled program: what the fusing passes leave behind.
#pragma once

#include "graph/operator.h"

namespace sinapse::op {

const Operator& fused_gemm();
const Operator& fused_gemm_input_gradient();
const Operator& gemm_update();

}  // namespace sinapse::op
