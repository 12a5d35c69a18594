// Numbers of convolutions and layers as tiles of colours.
#pragma once

#include <string>

#include "explain/row_activations.h"
#include "figures/drawing.h"

namespace sinapse {

/// The filters of a convolution over one or two axes: a tile each; of several channels a row of
/// tiles each, at most 24 x 16. `layer` empty: the first one. Throws Error(usage), with the nearest
/// name, if the network has no such layer.
Drawing filter_figure(const TrainedNetwork& trained, const std::string& layer, double width = 640);

/// A strip of colours for each layer, or tiles for its first channels.
Drawing activation_figure(const std::vector<LayerActivation>& layers, const std::string& title,
                          double width = 640);

}  // namespace sinapse
