// From the numbers of a sample to maps of its picture.
#pragma once

#include <span>
#include <vector>

#include <sinapse/attention.h>

#include "network/trained_network.h"

namespace sinapse {

/// How the numbers of a sample, channels first, lie on the picture.
struct Picture {
  int64_t channels = 1, height = 0, width = 0;
  int64_t places() const { return height * width; }
};

/// Throws Error(usage) if the model's samples are no pictures.
Picture picture_of(const TrainedNetwork& trained);

/// Combines the channels of each place, from 0 on.
template <class Combine>
AttentionMap over_channels(std::span<const double> values, const Picture& picture,
                           Combine&& combine) {
  AttentionMap map{picture.height, picture.width,
                   std::vector<double>(static_cast<size_t>(picture.places()))};
  for (int64_t c = 0; c < picture.channels; ++c)
    for (int64_t i = 0; i < picture.places(); ++i)
      map.values[i] = combine(map.values[i], values[c * picture.places() + i]);
  return map;
}

/// The mean over the channels in the unit of the files, from the darkest to the brightest possible:
/// 0 to 1.
AttentionMap brightness(std::span<const double> point, const Picture& picture,
                        const ArrayFeatures& pixels);

/// [height, width] numbers over the whole picture. Pixels are squares: the outer ones of both cover
/// the same edge.
AttentionMap stretched(const std::vector<double>& values, int64_t height, int64_t width,
                       const Picture& picture);

}  // namespace sinapse
