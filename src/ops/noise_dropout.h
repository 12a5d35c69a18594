// The numbers of a dropout that its kernels share with the reference.
#pragma once

#include "graph/operator.h"

namespace sinapse {

/// y = dropped where the element's 32 random bits are below the threshold, else scale x + offset.
struct MaskedAffine {
  uint32_t threshold = 0;
  double scale = 1, offset = 0, dropped = 0;
};

/// Of a Dropout, DropoutMask, AlphaDropout or AlphaDropoutGradient at the rate of a step.
MaskedAffine masked_affine(const Operator& op, double rate);

/// The standard deviation of a GaussianDropout's factor at the rate of a step.
double gaussian_deviation(double rate);

/// The rate of a node in a step.
inline double dropout_rate(const Node& node, const StepState& state) {
  return node.number("rate") * state.dropout_share;
}

}  // namespace sinapse
