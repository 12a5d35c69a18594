// The formula of sinusoidal positions, which the reference, the kernel and the model file share.
#pragma once

#include <cstdint>

namespace sinapse {

/// 10000^(-2 i / n) for the channels 2 i and 2 i + 1 of n.
double position_frequency(int64_t channel, int64_t channels);

/// What is added to a channel of the step: a sine in even channels, a cosine in odd ones.
double sinusoidal_position(int64_t step, int64_t channel, int64_t channels);

}  // namespace sinapse
