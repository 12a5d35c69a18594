#include "network/sequence_steps.h"

#include <algorithm>

#include <fmt/format.h>

#include <sinapse/error.h>

#include "network/network.h"

namespace sinapse {

std::vector<InputDescription> with_steps(std::vector<InputDescription> inputs, int64_t steps) {
  for (InputDescription& input : inputs) {
    if (input.is_sequence) input.row_shape.front() = steps;
  }
  return inputs;
}

void require_any_steps(const NetworkDescription& network,
                       const std::vector<InputDescription>& inputs) {
  constexpr int64_t kFew = 16, kMore = 17;
  const auto parameters = [&](int64_t steps) {
    return build_network(network, with_steps(inputs, steps), /*training=*/false).parameters;
  };
  const std::vector<ParameterInfo> few = parameters(kFew), more = parameters(kMore);
  for (size_t p = 0; p < few.size(); ++p) {
    if (few[p].shape == more[p].shape) continue;
    throw Error(
        ErrorCode::model,
        fmt::format("{} is {} for sequences of {} steps, but {} for {}, so that it suits one "
                    "length only. Let a recurrent layer or sequence_pool make one vector of "
                    "all steps before it.",
                    few[p].name, to_string(few[p].shape), kFew, to_string(more[p].shape), kMore));
  }
}

int64_t padded_steps(int64_t steps) {
  int64_t power = 16;
  while (power < steps) power *= 2;
  const int64_t grain = steps <= 8 ? 1 : power / 8;
  return std::max<int64_t>(2, (steps + grain - 1) / grain * grain);
}

}  // namespace sinapse
