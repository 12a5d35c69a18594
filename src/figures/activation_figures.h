// The figures of neurons and activation functions.
#pragma once

#include <vector>

#include <sinapse/activation.h>

#include "figures/chart.h"

namespace sinapse {

/// f(x), or f'(x), of some activations over a range. Softmax, which has no value for one number, is
/// drawn as the share of a score x beside a score 0. Throws Error(usage) for an empty range.
Chart activation_chart(const std::vector<Activation>& activations, Range range, bool derivatives,
                       Words words = {});

/// f(w x + b) for every weight with every bias: how a weight shapes and a bias shifts.
Chart neuron_chart(const Activation& activation, const std::vector<double>& weights,
                   const std::vector<double>& biases, Range range, Words words = {});

/// What is left of a derivative after it has come through 1 to `layers` layers of one neuron each
/// with weight 1 and bias 0: the derivative of f(f(...f(x))) at `x`.
Chart vanishing_chart(const std::vector<Activation>& activations, int layers, double x,
                      Words words = {});

}  // namespace sinapse
