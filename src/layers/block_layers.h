// Blocks of well-known convolutional networks, and how a layer is put together from operators.
// All take [batch, channels, ...] with any number of spatial axes.
#pragma once

#include <sinapse/layer.h>

namespace sinapse {

struct SqueezeExcitation {
  static constexpr std::string_view type = "squeeze_excitation";
  static constexpr std::string_view doc =
      "Each channel times a gate that depends on the means of all channels. Hu, Shen, Sun 2018.";
  int64_t ratio = 4;
  std::string activation = "relu";
  std::string gate = "sigmoid";

  void fields(FieldVisitor& visit) {
    visit("ratio", ratio, "channels for each neuron between the means and the gates");
    visit("activation", activation, "of these neurons");
    visit("gate", gate, "the function that gives the gates, e.g. hard_sigmoid");
  }
  Tensor build(Builder& b, const Tensor& x) const;
};

struct ResidualBlock {
  static constexpr std::string_view type = "residual_block";
  static constexpr std::string_view doc =
      "Two 3-wide convolutions with batch normalization, added to their input; where the shape "
      "changes, a 1-wide convolution of it. He, Zhang, Ren, Sun 2016.";
  int64_t filters = 0;
  int64_t stride = 1;
  std::string activation = "relu";

  void fields(FieldVisitor& visit) {
    visit("filters", filters, "number of output channels");
    visit("stride", stride, "steps between two windows of the first convolution");
    visit("activation", activation, "after the first convolution, and of the sum");
  }
  Tensor build(Builder& b, const Tensor& x) const;
};

struct InvertedResidual {
  static constexpr std::string_view type = "inverted_residual";
  static constexpr std::string_view doc =
      "Channels are spread out, convolved one by one, and drawn together again; added to the input "
      "where the shape stays. Sandler and others 2018.";
  int64_t filters = 0;
  int64_t expansion = 4;
  int64_t kernel_size = 3;
  int64_t stride = 1;
  std::string activation = "relu6";

  void fields(FieldVisitor& visit) {
    visit("filters", filters, "number of output channels");
    visit("expansion", expansion, "channels inside the block for each one of its input");
    visit("kernel_size", kernel_size, "elements of a window along each axis");
    visit("stride", stride, "steps between two windows");
    visit("activation", activation, "of the channels inside the block");
  }
  Tensor build(Builder& b, const Tensor& x) const;
};

}  // namespace sinapse
