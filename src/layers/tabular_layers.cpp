#include "layers/tabular_layers.h"

#include <fmt/format.h>

namespace sinapse {

namespace {

// factor times a learned number a channel, 1 at first: times x.
Tensor times_learned(Builder& b, const Tensor& x, double factor) {
  if (!(factor >= 1e-6 && factor <= 1e6)) {
    b.fail(fmt::format("factor must be between 1e-6 and 1e6, but is {}", factor));
  }
  const Tensor learned =
      b.parameter("weight", {x.shape.back()}, fmt::format("constant({})", 1 / factor));
  const Tensor y = b.multiply(x, learned);
  return factor == 1 ? y : b.affine(y, factor, 0);
}

}  // namespace

Tensor Scaling::build(Builder& b, const Tensor& x) const {
  return times_learned(b, x, factor);
}

Tensor ParametricActivation::build(Builder& b, const Tensor& x) const {
  return b.add(x, times_learned(b, b.subtract(b.activate(x, activation), x), factor));
}

}  // namespace sinapse
