// Layers whose windows slide over the spatial axes of [batch, channels, ...]. Lists have one entry
// for each spatial axis, or one for all. conv, conv_transpose and the pools work for any number of
// axes; conv1d, conv2d and conv3d also take rows without a channel axis, as gray images are.
#pragma once

#include <sinapse/layer.h>

#include "layers/layers.h"

namespace sinapse {

/// What all windows are described by.
struct WindowFields {
  WindowOptions window;

  void fields(FieldVisitor& visit, std::string_view size, std::string_view size_doc) {
    visit(size, window.size, size_doc);
    visit("strides", window.strides, "steps between two windows");
    visit("padding", window.padding,
          "valid: windows lie inside; same: output as large as input "
          "divided by the strides");
    visit("pads", window.pads, "zeros on both sides of each axis, instead of padding");
  }
};

/// Fields of a convolution with as many filters as wanted.
struct ConvolutionFields : WindowFields {
  int64_t filters = 0;
  int64_t groups = 1;
  WeightFields weights;

  ConvolutionFields() { window.size = {3}; }
  void fields(FieldVisitor& visit) {
    visit("filters", filters, "number of output channels");
    WindowFields::fields(visit, "kernel_size", "elements of a window");
    visit("dilations", window.dilations, "distance of neighbours inside a window");
    visit("groups", groups, "independent convolutions side by side");
    weights.fields(visit);
  }
  ConvolutionOptions options() const {
    auto options = weights.options<ConvolutionOptions>();
    options.window = window;
    options.groups = groups;
    return options;
  }
};

struct Conv : ConvolutionFields {
  static constexpr std::string_view type = "conv";
  static constexpr std::string_view doc =
      "Weighted sums over windows, any rank. [batch, channels, ...] → [batch, filters, ...]. "
      "LeCun and others 1989.";
  Tensor build(Builder& b, const Tensor& x) const {
    return b.activate(b.convolution(x, filters, options()), weights.activation);
  }
};

/// x with one channel if its rows have just `rank` axes. Throws Error(model) if they have neither
/// that many nor one more.
Tensor with_channel_axis(Builder& b, const Tensor& x, int rank, std::string_view type);

/// The same with a fixed number of spatial axes; a missing channel axis counts as one channel.
template <int kRank>
struct ConvOfRank : Conv {
  static constexpr std::string_view type = kRank == 1 ? "conv1d" : kRank == 2 ? "conv2d" : "conv3d";
  Tensor build(Builder& b, const Tensor& x) const {
    return Conv::build(b, with_channel_axis(b, x, kRank, type));
  }
};

struct ConvTranspose : ConvolutionFields {
  static constexpr std::string_view type = "conv_transpose";
  static constexpr std::string_view doc =
      "The opposite way: from what a convolution puts out to what it takes in. Zeiler and "
      "others 2010.";
  Tensor build(Builder& b, const Tensor& x) const {
    return b.activate(b.transposed_convolution(x, filters, options()), weights.activation);
  }
};

struct DepthwiseConv : ConvolutionFields {
  static constexpr std::string_view type = "depthwise_conv";
  static constexpr std::string_view doc =
      "Each channel is convolved by itself; `multiplier` filters a channel.";
  int64_t multiplier = 1;

  void fields(FieldVisitor& visit) {
    visit("multiplier", multiplier, "filters for each channel");
    WindowFields::fields(visit, "kernel_size", "elements of a window");
    visit("dilations", window.dilations, "distance of neighbours inside a window");
    weights.fields(visit);
  }
  Tensor build(Builder& b, const Tensor& x) const;
};

struct SeparableConv : ConvolutionFields {
  static constexpr std::string_view type = "separable_conv";
  static constexpr std::string_view doc =
      "A depthwise convolution, then a 1x1 one that mixes the channels. Chollet 2017.";
  Tensor build(Builder& b, const Tensor& x) const;
};

struct MaxPool : WindowFields {
  static constexpr std::string_view type = "max_pool";
  static constexpr std::string_view doc =
      "The largest element of each window of a channel; strides default to the window.";
  MaxPool() { window.size = {2}, window.strides = {}; }
  void fields(FieldVisitor& visit) {
    WindowFields::fields(visit, "pool_size", "elements of a window");
  }
  Tensor build(Builder& b, const Tensor& x) const { return b.max_pool(x, strided(window)); }
  static WindowOptions strided(WindowOptions window) {
    if (window.strides.empty()) window.strides = window.size;
    return window;
  }
};

struct AveragePool : MaxPool {
  static constexpr std::string_view type = "average_pool";
  static constexpr std::string_view doc =
      "The mean of each window of a channel; strides default to the window.";
  Tensor build(Builder& b, const Tensor& x) const { return b.average_pool(x, strided(window)); }
};

struct GlobalMaxPool {
  static constexpr std::string_view type = "global_max_pool";
  static constexpr std::string_view doc =
      "The largest element of each channel. [batch, channels, ...] → [batch, channels].";
  void fields(FieldVisitor&) {}
  Tensor build(Builder& b, const Tensor& x) const;
};

struct GlobalAveragePool {
  static constexpr std::string_view type = "global_average_pool";
  static constexpr std::string_view doc =
      "The mean of each channel. [batch, channels, ...] → [batch, channels]. Lin, Chen, Yan "
      "2013.";
  void fields(FieldVisitor&) {}
  Tensor build(Builder& b, const Tensor& x) const;
};

}  // namespace sinapse
