#include "layers/block_layers.h"

#include <algorithm>

#include <fmt/format.h>

namespace sinapse {

namespace {

constexpr double kMomentum = 0.1, kEpsilon = 1e-5;

struct Unit {
  const char* name;
  int64_t filters;
  int64_t kernel_size = 1;
  int64_t stride = 1;
  int64_t groups = 1;
  std::string activation = "linear";
};

// Convolution without bias, batch normalization, activation.
Tensor unit(Builder& b, const Tensor& x, const Unit& unit) {
  const std::string name = unit.name;
  const Tensor sums = b.convolution(
      x, unit.filters,
      {.name = name,
       .window = {.size = {unit.kernel_size}, .strides = {unit.stride}, .padding = "same"},
       .groups = unit.groups,
       .use_bias = false,
       .activation = unit.activation});
  const Tensor normal = b.batch_normalization(sums, kMomentum, kEpsilon, name + "_norm");
  return b.activate(normal, unit.activation);
}

int64_t channels_of(const Builder& b, const Tensor& x) {
  if (x.shape.size() >= 3) return x.shape[1];
  b.fail(fmt::format("expects [batch, channels, at least one spatial axis], but its input is {}",
                     to_string(x.shape)));
}

void require_positive(const Builder& b, const char* name, int64_t value) {
  constexpr int64_t kMost = 1 << 16;
  if (value < 1 || value > kMost) {
    b.fail(fmt::format("{} must be between 1 and {}, but is {}", name, kMost, value));
  }
}

}  // namespace

Tensor SqueezeExcitation::build(Builder& b, const Tensor& x) const {
  const int64_t channels = channels_of(b, x);
  require_positive(b, "ratio", ratio);
  const Tensor means = b.reshape(b.adaptive_average_pool(x, {1}), {channels});
  const Tensor hidden = b.activate(b.dense(means, std::max<int64_t>(1, channels / ratio),
                                           {.name = "squeeze", .activation = activation}),
                                   activation);
  const Tensor gates =
      b.activate(b.dense(hidden, channels, {.name = "excite", .activation = gate}), gate);
  return b.multiply_channels(x, gates);
}

Tensor ResidualBlock::build(Builder& b, const Tensor& x) const {
  require_positive(b, "stride", stride);
  const bool same_shape = channels_of(b, x) == filters && stride == 1;
  const Tensor first =
      unit(b, x, {"conv1", filters, /*kernel_size=*/3, stride, /*groups=*/1, activation});
  const Tensor second = unit(b, first, {"conv2", filters, /*kernel_size=*/3});
  const Tensor shortcut = same_shape ? x : unit(b, x, {"shortcut", filters, 1, stride});
  return b.activate(b.add(second, shortcut), activation);
}

Tensor InvertedResidual::build(Builder& b, const Tensor& x) const {
  const int64_t channels = channels_of(b, x), inside = channels * expansion;
  require_positive(b, "expansion", expansion);
  require_positive(b, "kernel_size", kernel_size);
  require_positive(b, "stride", stride);
  const Tensor spread =
      expansion == 1 ? x : unit(b, x, {"expand", inside, 1, 1, /*groups=*/1, activation});
  const Tensor filtered =
      unit(b, spread, {"depthwise", inside, kernel_size, stride, /*groups=*/inside, activation});
  const Tensor drawn = unit(b, filtered, {"project", filters});
  return channels == filters && stride == 1 ? b.add(drawn, x) : drawn;
}

}  // namespace sinapse
