// The filters of a convolution as tiles of colours.
#pragma once

#include <span>
#include <string>

#include "figures/drawing.h"
#include "figures/words.h"
#include "network/trained_network.h"

namespace sinapse {

/// The weights of a convolution, [filters, channels, height, width]. Valid as long as the network.
struct Filters {
  std::string layer;
  int64_t filters = 0, channels = 0, height = 1, width = 0;
  std::span<const float> values;
  bool of_colours = false;  // its channels are red, green and blue

  std::span<const float> tile(int64_t filter, int64_t channel) const {
    return values.subspan(static_cast<size_t>((filter * channels + channel) * height * width),
                          static_cast<size_t>(height * width));
  }
};

/// Those of a convolution over one or two axes; `layer` empty: of the first one. Throws
/// Error(usage), with the nearest name, if the network has no such layer.
Filters filters_of(const TrainedNetwork& trained, const std::string& layer);

/// A tile for each channel of a filter, of 16 at most; of pictures in colour one tile in colours.
/// As many filters side by side as there is room for, 16 rows at most.
Drawing filter_figure(const Filters& filters, double width = 640, Words words = {});

}  // namespace sinapse
