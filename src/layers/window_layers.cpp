#include "layers/window_layers.h"

#include <fmt/format.h>

#include <sinapse/error.h>

namespace sinapse {

namespace {

// One window over all spatial axes.
WindowOptions whole(const Tensor& x) {
  if (x.shape.size() < 3) {
    throw Error(ErrorCode::model,
                fmt::format("global pooling expects [batch, channels, at least one "
                            "spatial axis], but its input is {}.",
                            to_string(x.shape)));
  }
  return {.size = {x.shape.begin() + 2, x.shape.end()}};
}

}  // namespace

Tensor DepthwiseConv::build(Builder& b, const Tensor& x) const {
  ConvolutionOptions each = options();
  each.groups = x.shape.at(1);
  return b.activate(b.convolution(x, x.shape[1] * multiplier, each), activation);
}

Tensor SeparableConv::build(Builder& b, const Tensor& x) const {
  ConvolutionOptions depthwise = options(), pointwise = options();
  depthwise.name = "depthwise";
  depthwise.groups = x.shape.at(1);
  depthwise.use_bias = false;
  pointwise.name = "pointwise";
  pointwise.window = {.size = {1}};
  return b.activate(b.convolution(b.convolution(x, x.shape[1], depthwise), filters, pointwise),
                    activation);
}

Tensor GlobalMaxPool::build(Builder& b, const Tensor& x) const {
  return b.reshape(b.max_pool(x, whole(x)), {x.shape[1]});
}

Tensor GlobalAveragePool::build(Builder& b, const Tensor& x) const {
  return b.reshape(b.average_pool(x, whole(x)), {x.shape[1]});
}

Tensor with_channel_axis(Builder& b, const Tensor& x, int rank, std::string_view type) {
  const auto axes = static_cast<int>(x.shape.size()) - 1;
  if (axes == rank + 1) return x;
  if (axes != rank) {
    throw Error(
        ErrorCode::model,
        fmt::format("{}: expects rows with {} axes (channels first) or {} (one channel), but "
                    "its input is {}.",
                    type, rank + 1, rank, to_string(x.shape)));
  }
  Shape row = row_shape(x.shape);
  row.insert(row.begin(), 1);
  return b.reshape(x, row);
}

}  // namespace sinapse
