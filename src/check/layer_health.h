// How activations and gradients fare in each layer.
#pragma once

#include "check/loss_graph.h"

namespace sinapse {

struct LayerHealth {
  std::string layer, activation;  // activation: empty if the layer has none
  int64_t units = 0;
  int64_t dead = 0;           // units whose activation has the slope 0 for every row and place
  double saturated = 0;       // share of the values at which the slope is below 2 % of the steepest
  bool can_saturate = false;  // the activation is flat at both ends
  double gradient = 0;        // root mean square of d loss / d output, over rows and units
  bool has_weights = false;
};

/// Of every layer that has weights or an activation, in the order of the network in inference.
std::vector<LayerHealth> layer_health(const NetworkDescription& network,
                                      const std::vector<InputDescription>& inputs,
                                      const std::string& loss, const Weights& weights,
                                      const Dataset& data);

}  // namespace sinapse
