#include "layers/tabular_layers.h"

#include <array>
#include <cmath>

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

constexpr double kTurn = 6.283185307179586;  // 2 pi
constexpr int64_t kMostPerNumber = 4096;

// A dense layer of its own for each number: x [batch, numbers * k, 1] → [batch, numbers * units,
// 1].
Tensor dense_per_number(Builder& b, const Tensor& x, int64_t numbers, int64_t units,
                        const std::string& name, const std::string& weights,
                        const std::string& biases) {
  ConvolutionOptions options;
  options.name = name;
  options.window.size = {1};
  options.groups = numbers;
  options.use_bias = false;
  options.initializer = weights;
  const Tensor product = b.convolution(x, numbers * units, options);
  return b.add(product, b.parameter(name + ".bias", {numbers * units, 1}, biases));
}

void check_at_most(const Builder& b, const char* name, int64_t value, int64_t least) {
  if (value >= least && value <= kMostPerNumber) return;
  b.fail(
      fmt::format("{} must be between {} and {}, but is {}", name, least, kMostPerNumber, value));
}

}  // namespace

Tensor Scaling::build(Builder& b, const Tensor& x) const {
  return times_learned(b, x, factor);
}

Tensor ParametricActivation::build(Builder& b, const Tensor& x) const {
  return b.add(x, times_learned(b, b.subtract(b.activate(x, activation), x), factor));
}

Tensor PeriodicEmbedding::build(Builder& b, const Tensor& x) const {
  check_at_most(b, "dimension", dimension, 2);
  check_at_most(b, "frequencies", frequencies, 1);
  if (x.shape.size() != 2) {
    b.fail(fmt::format("expects numbers [batch, n], but its input is {}", to_string(x.shape)));
  }
  const int64_t numbers = x.shape[1];
  const Tensor angles = dense_per_number(b, b.reshape(x, {numbers, 1}), numbers, frequencies,
                                         "frequency", fmt::format("normal({})", kTurn * deviation),
                                         fmt::format("uniform({}, {})", -kTurn / 2, kTurn / 2));
  const double limit = 1 / std::sqrt(static_cast<double>(frequencies));
  const std::string even = fmt::format("uniform({}, {})", -limit, limit);
  const Tensor sums =
      dense_per_number(b, b.activate(angles, "cos"), numbers, dimension - 1, "sum", even, even);
  const Tensor waves = b.activate(b.reshape(sums, {numbers * (dimension - 1)}), activation);
  const std::array<Tensor, 2> both{x, waves};
  return b.concatenate(both);
}

}  // namespace sinapse
