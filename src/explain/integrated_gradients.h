// Integrated gradients: the difference of two outputs, shared out among the inputs.
#pragma once

#include "explain/input_gradient.h"

namespace sinapse {

struct IntegrationOptions {
  double tolerance = 1e-7;           // of the sum, as a share of the outputs
  int64_t max_evaluations = 20'000;  // points at which gradients are taken, at most
};

struct Integral {
  std::vector<double> attributions;  // [width]
  double from = 0, to = 0;           // the output at baseline and point
  int64_t evaluations = 0;

  /// How far the sum of the attributions is from the difference of the outputs.
  double gap() const;
};

/// attribution_i = (x_i - b_i) * integral over t in [0, 1] of df/dx_i at b + t (x - b), for output
/// f (Sundararajan, Taly, Yan 2017). Their sum is f(x) - f(b), which holds for every piece of the
/// path, too: Simpson's rule is refined where it does not hold yet, as at the kinks of rectifiers.
Integral integrate(const InputGradient& network, std::span<const double> point,
                   std::span<const double> baseline, int64_t output,
                   const IntegrationOptions& options, Team& team);

}  // namespace sinapse
