// One network for sequences of any length: the same layers and weights, built for so many steps.
#pragma once

#include <vector>

#include <sinapse/network.h>

namespace sinapse {

/// The inputs with that many steps where they are sequences.
std::vector<InputDescription> with_steps(std::vector<InputDescription> inputs, int64_t steps);

/// Throws Error(model), naming the layer, unless the network has the same weights for any number of
/// steps.
void require_any_steps(const NetworkDescription& network,
                       const std::vector<InputDescription>& inputs);

/// To how many steps sequences are filled up so that few networks do for all lengths: at least as
/// many as asked for, every number up to 8, then four for each doubling: 10, 12, 14, 16, 20, 24,
/// ...
int64_t padded_steps(int64_t steps);

}  // namespace sinapse
