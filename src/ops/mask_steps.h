// Sequences that end where their length says.
#pragma once

#include "graph/operator.h"

namespace sinapse::op {

/// Zeros in the steps behind the length.  x [batch, time, features], lengths [batch, 1] → as x.
const Operator& mask_steps();

}  // namespace sinapse::op
