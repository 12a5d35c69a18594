// The numbers of a dropout that its kernels share with the reference.
#pragma once

#include "graph/operator.h"

namespace sinapse {

/// y = dropped where the element's 32 random bits are below the threshold, else scale x + offset.
struct MaskedAffine {
  uint32_t threshold = 0;
  double scale = 1, offset = 0, dropped = 0;
};

/// Of a Dropout, DropoutMask, AlphaDropout or AlphaDropoutGradient.
MaskedAffine masked_affine(const Node& node);

/// The standard deviation of a GaussianDropout's factor.
double gaussian_deviation(const Node& node);

}  // namespace sinapse
