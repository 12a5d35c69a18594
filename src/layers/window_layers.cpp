#include "layers/window_layers.h"

#include <fmt/format.h>

namespace sinapse {

namespace {

void require_channels(const Builder& b, const Tensor& x) {
  if (x.shape.size() >= 3) return;
  b.fail(fmt::format("expects [batch, channels, at least one spatial axis], but its input is {}",
                     to_string(x.shape)));
}

// One window over all spatial axes.
WindowOptions whole(const Builder& b, const Tensor& x) {
  require_channels(b, x);
  return {.size = {x.shape.begin() + 2, x.shape.end()}};
}

}  // namespace

Tensor DepthwiseConv::build(Builder& b, const Tensor& x) const {
  require_channels(b, x);
  ConvolutionOptions each = options();
  each.groups = x.shape.at(1);
  return b.activate(b.convolution(x, x.shape[1] * multiplier, each), weights.activation);
}

Tensor SeparableConv::build(Builder& b, const Tensor& x) const {
  require_channels(b, x);
  ConvolutionOptions depthwise = options(), pointwise = options();
  depthwise.name = "depthwise";
  depthwise.groups = x.shape.at(1);
  depthwise.use_bias = false;
  pointwise.name = "pointwise";
  pointwise.window = {.size = {1}};
  return b.activate(b.convolution(b.convolution(x, x.shape[1], depthwise), filters, pointwise),
                    weights.activation);
}

Tensor GlobalMaxPool::build(Builder& b, const Tensor& x) const {
  return b.reshape(b.max_pool(x, whole(b, x)), {x.shape[1]});
}

Tensor GlobalAveragePool::build(Builder& b, const Tensor& x) const {
  return b.reshape(b.average_pool(x, whole(b, x)), {x.shape[1]});
}

Tensor with_channel_axis(Builder& b, const Tensor& x, int rank, std::string_view type) {
  const auto axes = static_cast<int>(x.shape.size()) - 1;
  if (axes == rank + 1) return x;
  if (axes != rank) {
    b.fail(
        fmt::format("{} expects [batch, channels{}], or the same without channels, but its input "
                    "is {}",
                    type,
                    rank == 1   ? ", length"
                    : rank == 2 ? ", height, width"
                                : ", depth, height, width",
                    to_string(x.shape)));
  }
  Shape row = row_shape(x.shape);
  row.insert(row.begin(), 1);
  return b.reshape(x, row);
}

}  // namespace sinapse
