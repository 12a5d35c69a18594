// Whether the gradients of a network are right: against finite differences, in double precision.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <sinapse/network.h>

namespace sinapse {

struct GradientCheckOptions {
  int64_t rows = 4;        ///< of random inputs and targets
  int64_t directions = 2;  ///< random directions for each parameter and input
  uint64_t seed = 1;
};

/// One parameter or input: the slope of the loss along a random direction, by the gradient and by
/// (loss(x + h d) - loss(x - h d)) / 2h. The worst of all directions.
struct GradientError {
  std::string name;  ///< "dense1.weight", or of an input
  double gradient = 0, difference = 0;
  double relative_error = 0;  ///< |gradient - difference| / the larger of both, at least 1e-5
};

/// Above this a gradient is wrong.
inline constexpr double kWrongGradient = 1e-4;

/// Checks all trainable parameters and all inputs but indices of embeddings, in the form the
/// network has in training, with initial weights. `loss` as parse_loss reads it. All are moved
/// by a hundredth at random first, away from equal maxima and sums that are just 0, and steps h of
/// 1e-4 to 1e-7 are tried: a kink is no error. For networks with layers, activations and
/// losses of your own. Throws as training such a network would.
std::vector<GradientError> check_gradients(const NetworkDescription& network,
                                           const std::vector<InputDescription>& inputs,
                                           const std::string& loss,
                                           const GradientCheckOptions& options = {});

}  // namespace sinapse
