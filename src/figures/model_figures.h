// Figures of what a model is made of.
#pragma once

#include <string>

#include "figures/drawing.h"
#include "figures/words.h"
#include "network/trained_network.h"

namespace sinapse {

/// A chain of dense layers as neurons with the weights it has learned, unless `blocks`; any other
/// network as blocks.
Drawing network_figure(const TrainedNetwork& trained, bool blocks = false, Words words = {});

/// The weights of a layer, such as "dense1": one row a neuron or filter. Throws Error(usage) with
/// the nearest name if no layer of that name has weights.
Drawing layer_weights_figure(const TrainedNetwork& trained, const std::string& layer,
                             Words words = {});

}  // namespace sinapse
