// What the layers of a network put out for one row.
#pragma once

#include <string>
#include <vector>

#include "network/trained_network.h"
#include "train/dataset.h"

namespace sinapse {

struct LayerActivation {
  std::string layer;
  Shape shape;  // of one row
  std::vector<float> values;
};

/// The inputs first, then each layer in the order of the network, by the reference kernels.
std::vector<LayerActivation> row_activations(const TrainedNetwork& trained, const Dataset& data,
                                             int64_t row);

}  // namespace sinapse
