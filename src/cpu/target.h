// Which instruction set the kernels run on.
#pragma once

#include <string>

namespace sinapse {

/// The name of the best instruction set that both this processor and the kernels have: "AVX3".
std::string simd_target();

}  // namespace sinapse
