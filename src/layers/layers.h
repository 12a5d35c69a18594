// The built-in layers: fields, and what they build. One struct each; a new one is a struct here and
// a line in layers.cpp.
#pragma once

#include <sinapse/layer.h>

namespace sinapse {

struct Input {
  static constexpr std::string_view type = "input";
  static constexpr std::string_view doc =
      "What flows into the network, with the shape that its rows must have or are given.";
  std::vector<int64_t> shape;

  void fields(FieldVisitor& visit) {
    visit("shape", shape, "of a row, e.g. [1, 28, 28]; empty: as it comes");
  }
  Tensor build(Builder& b, const Tensor& x) const {
    return shape.empty() || shape == row_shape(x.shape) ? x : b.reshape(x, shape);
  }
};

/// Where the weights of a product or a convolution start, and what holds them back.
struct WeightFields {
  std::string activation = "linear";
  bool use_bias = true;
  std::string kernel_initializer = "auto";
  std::string bias_initializer = "zeros";
  double l1 = 0;
  double l2 = 0;
  std::string kernel_constraint;

  void fields(FieldVisitor& visit) {
    visit("activation", activation, "applied to every weighted sum");
    visit("use_bias", use_bias, "whether each weighted sum has a weight for a constant input 1");
    visit("kernel_initializer", kernel_initializer, "initial weights; auto suits the activation");
    visit("bias_initializer", bias_initializer, "initial weights of the constant input");
    visit("l1", l1, "times the sum of absolute weights is added to the loss");
    visit("l2", l2, "times the sum of squared weights is added to the loss");
    visit("kernel_constraint", kernel_constraint,
          "on the weights of each neuron or filter (of conv_transpose: of each channel): "
          "max_norm(c), non_negative or unit_norm; empty: none");
  }
  template <class Options>  // DenseOptions or ConvolutionOptions
  Options options() const {
    Options options;
    options.use_bias = use_bias;
    options.initializer = kernel_initializer;
    options.bias_initializer = bias_initializer;
    options.activation = activation;
    options.l1 = l1;
    options.l2 = l2;
    options.constraint = kernel_constraint;
    return options;
  }
};

struct Dense {
  static constexpr std::string_view type = "dense";
  static constexpr std::string_view doc = "y = f(x W^T + b). x [batch, k] → [batch, units].";
  int64_t units = 0;
  WeightFields weights;

  void fields(FieldVisitor& visit) {
    visit("units", units, "number of neurons");
    weights.fields(visit);
  }
  Tensor build(Builder& b, const Tensor& x) const {
    return b.activate(b.dense(x, units, weights.options<DenseOptions>()), weights.activation);
  }
};

struct ActivationLayer {
  static constexpr std::string_view type = "activation";
  static constexpr std::string_view doc = "Any activation of the table on its own.";
  std::string activation = "relu";

  void fields(FieldVisitor& visit) { visit("activation", activation, "the function"); }
  Tensor build(Builder& b, const Tensor& x) const { return b.activate(x, activation); }
};

struct PReLU {
  static constexpr std::string_view type = "prelu";
  static constexpr std::string_view doc =
      "x for x > 0, a learned slope times x otherwise. He, Zhang, Ren, Sun 2015.";
  bool shared = false;
  double initial_slope = 0.25;

  void fields(FieldVisitor& visit) {
    visit("shared", shared, "one slope for all channels instead of one each");
    visit("initial_slope", initial_slope, "where the slopes start");
  }
  Tensor build(Builder& b, const Tensor& x) const { return b.prelu(x, shared, initial_slope); }
};

struct Dropout {
  static constexpr std::string_view type = "dropout";
  static constexpr std::string_view doc =
      "Drops elements while training. Srivastava and others 2014.";
  double rate = 0.5;

  void fields(FieldVisitor& visit) { visit("rate", rate, "probability of dropping an element"); }
  Tensor build(Builder& b, const Tensor& x) const { return b.dropout(x, rate); }
};

struct AlphaDropout {
  static constexpr std::string_view type = "alpha_dropout";
  static constexpr std::string_view doc =
      "Dropout for selu networks: keeps mean and variance. Klambauer and others 2017.";
  double rate = 0.1;

  void fields(FieldVisitor& visit) { visit("rate", rate, "probability of dropping an element"); }
  Tensor build(Builder& b, const Tensor& x) const { return b.alpha_dropout(x, rate); }
};

struct GaussianDropout {
  static constexpr std::string_view type = "gaussian_dropout";
  static constexpr std::string_view doc =
      "Multiplies by normal noise of mean 1 while training. Srivastava and others 2014.";
  double rate = 0.5;

  void fields(FieldVisitor& visit) { visit("rate", rate, "its variance is rate / (1 - rate)"); }
  Tensor build(Builder& b, const Tensor& x) const { return b.gaussian_dropout(x, rate); }
};

struct BatchNormalization {
  static constexpr std::string_view type = "batch_normalization";
  static constexpr std::string_view doc =
      "(x - mean) / sqrt(variance + epsilon) * scale + bias over the batch. Ioffe, Szegedy 2015.";
  double momentum = 0.1;
  double epsilon = 1e-5;

  void fields(FieldVisitor& visit) {
    visit("momentum", momentum, "share of the new batch in the running statistics");
    visit("epsilon", epsilon, "keeps the root away from zero");
  }
  Tensor build(Builder& b, const Tensor& x) const {
    return b.batch_normalization(x, momentum, epsilon);
  }
};

struct LayerNormalization {
  static constexpr std::string_view type = "layer_normalization";
  static constexpr std::string_view doc =
      "(x - mean) / sqrt(variance + epsilon) * scale + bias over the last axis. "
      "Ba, Kiros, Hinton 2016.";
  double epsilon = 1e-5;

  void fields(FieldVisitor& visit) { visit("epsilon", epsilon, "keeps the root away from zero"); }
  Tensor build(Builder& b, const Tensor& x) const { return b.layer_normalization(x, epsilon); }
};

struct Flatten {
  static constexpr std::string_view type = "flatten";
  static constexpr std::string_view doc = "[batch, a, b, ...] → [batch, a b ...]";
  void fields(FieldVisitor&) {}
  Tensor build(Builder& b, const Tensor& x) const {
    return x.shape.size() == 2 ? x : b.reshape(x, {row_size(x.shape)});
  }
};

struct Reshape {
  static constexpr std::string_view type = "reshape";
  static constexpr std::string_view doc =
      "The same values in rows of another shape; one size may be -1: what remains.";
  std::vector<int64_t> shape;

  void fields(FieldVisitor& visit) { visit("shape", shape, "of a row; -1 for what remains"); }
  Tensor build(Builder& b, const Tensor& x) const { return b.reshape(x, shape); }
};

struct Add {
  static constexpr std::string_view type = "add";
  static constexpr std::string_view doc = "The sum of several values of one shape.";
  void fields(FieldVisitor&) {}
  Tensor build(Builder& b, std::span<const Tensor> inputs) const {
    Tensor sum = inputs[0];
    for (const Tensor& other : inputs.subspan(1)) sum = b.add(sum, other);
    return sum;
  }
};

struct Concatenate {
  static constexpr std::string_view type = "concatenate";
  static constexpr std::string_view doc = "Several values side by side along an axis.";
  int64_t axis = -1;

  void fields(FieldVisitor& visit) {
    visit("axis", axis, "which; 0 is the batch, 1 are the channels of pictures, -1 is the last");
  }
  Tensor build(Builder& b, std::span<const Tensor> inputs) const;
};

struct Embedding {
  static constexpr std::string_view type = "embedding";
  static constexpr std::string_view doc =
      "A learned vector for each category. index [batch, 1] → [batch, dimension].";
  int64_t categories = 1;
  int64_t dimension = 1;

  void fields(FieldVisitor& visit) {
    visit("categories", categories, "rows of the table; the last one serves unknown categories");
    visit("dimension", dimension, "length of the learned vector");
  }
  Tensor build(Builder& b, const Tensor& index) const {
    return b.embedding(index, categories, dimension);
  }
};

/// A new layer of that type. Throws Error(usage) with the nearest name.
std::unique_ptr<Layer> make_layer(const std::string& type);

/// The names of all layer types, built-in ones first.
std::vector<std::string> layer_types();

}  // namespace sinapse
