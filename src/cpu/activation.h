// Activations on the running CPU: every built-in formula as a SIMD kernel.
#pragma once

#include <sinapse/activation.h>

namespace sinapse {

/// The kernels of one activation; fetched once when a plan is built. `constants` are those of the
/// activation as floats.
struct ActivationKernels {
  /// y[i] = f(x[i]) for n elements; y may be x.
  void (*forward)(const float* x, float* y, size_t n, const float* constants);
  /// dx[i] = f'(x[i]) dy[i] for n elements; dx may be dy. saved is y if saves_output, else x.
  void (*backward)(const float* saved, const float* dy, float* dx, size_t n,
                   const float* constants);
  bool saves_output;
};

/// The kernels for an activation that is not row-wise; a user's own gets plain loops.
ActivationKernels activation_kernels(const Activation& activation);

}  // namespace sinapse
