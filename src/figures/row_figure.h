// What the layers of a network put out for one row, as tiles of colours.
#pragma once

#include <string>

#include "explain/row_activations.h"
#include "figures/drawing.h"
#include "figures/words.h"

namespace sinapse {

/// A strip of colours for each layer, or tiles for its first channels.
Drawing activation_figure(const std::vector<LayerActivation>& layers, const std::string& title,
                          double width = 640, Words words = {});

}  // namespace sinapse
