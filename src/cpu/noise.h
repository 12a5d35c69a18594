// Normal noise from random bits.
#pragma once

#include <cstdint>

namespace sinapse {

/// y[i] = x[i] (1 + deviation z), z normal by Box and Muller from bits[2 i] and bits[2 i + 1], as
/// RandomStream::normal (data/philox.h) makes it, up to float rounding.
using NoiseFunction = void (*)(const float* x, float* y, const uint32_t* bits, int64_t n,
                               float deviation);
NoiseFunction noise_function();

}  // namespace sinapse
