// Layers that change the spatial axes of [batch, channels, ...], or normalise or drop its channels.
// Any number of spatial axes; lists have one entry for each, or one for all.
#pragma once

#include <sinapse/layer.h>

namespace sinapse {

struct UpSampling {
  static constexpr std::string_view type = "up_sampling";
  static constexpr std::string_view doc =
      "Each spatial axis several times as long: [batch, channels, n, ...] → [batch, channels, "
      "size n, ...].";
  std::vector<int64_t> size{2};
  std::string interpolation = "nearest";

  void fields(FieldVisitor& visit) {
    visit("size", size, "how many times as long");
    visit("interpolation", interpolation, "nearest: elements repeat; linear: between two of them");
  }
  Tensor build(Builder& b, const Tensor& x) const { return b.up_sample(x, size, interpolation); }
};

struct ZeroPadding {
  static constexpr std::string_view type = "zero_padding";
  static constexpr std::string_view doc = "Zeros around the spatial axes.";
  std::vector<int64_t> pads{1};

  void fields(FieldVisitor& visit) {
    visit("pads", pads, "zeros on both sides of each axis, or before each and then after each");
  }
  Tensor build(Builder& b, const Tensor& x) const;
};

struct Cropping {
  static constexpr std::string_view type = "cropping";
  static constexpr std::string_view doc = "Leaves out what lies at the ends of the spatial axes.";
  std::vector<int64_t> crops{1};

  void fields(FieldVisitor& visit) {
    visit("crops", crops,
          "elements on both sides of each axis, or before each and then after each");
  }
  Tensor build(Builder& b, const Tensor& x) const;
};

struct AdaptiveAveragePool {
  static constexpr std::string_view type = "adaptive_average_pool";
  static constexpr std::string_view doc =
      "The means of as many bins as wanted, whatever the size of the input.";
  std::vector<int64_t> output_size{1};

  void fields(FieldVisitor& visit) { visit("output_size", output_size, "bins of each axis"); }
  Tensor build(Builder& b, const Tensor& x) const {
    return b.adaptive_average_pool(x, output_size);
  }
};

struct AdaptiveMaxPool {
  static constexpr std::string_view type = "adaptive_max_pool";
  static constexpr std::string_view doc =
      "The largest elements of as many bins as wanted, whatever the size of the input.";
  std::vector<int64_t> output_size{1};

  void fields(FieldVisitor& visit) { visit("output_size", output_size, "bins of each axis"); }
  Tensor build(Builder& b, const Tensor& x) const { return b.adaptive_max_pool(x, output_size); }
};

struct GroupNormalization {
  static constexpr std::string_view type = "group_normalization";
  static constexpr std::string_view doc =
      "(x - mean) / sqrt(variance + epsilon) * scale + bias over groups of channels of each row; "
      "one "
      "group: layer normalization of whole rows. Wu, He 2018.";
  int64_t groups = 8;
  double epsilon = 1e-5;

  void fields(FieldVisitor& visit) {
    visit("groups", groups, "groups of neighbouring channels");
    visit("epsilon", epsilon, "keeps the root away from zero");
  }
  Tensor build(Builder& b, const Tensor& x) const {
    return b.group_normalization(x, groups, epsilon);
  }
};

struct InstanceNormalization {
  static constexpr std::string_view type = "instance_normalization";
  static constexpr std::string_view doc =
      "(x - mean) / sqrt(variance + epsilon) * scale + bias over each channel of each row. "
      "Ulyanov, "
      "Vedaldi, Lempitsky 2016.";
  double epsilon = 1e-5;

  void fields(FieldVisitor& visit) { visit("epsilon", epsilon, "keeps the root away from zero"); }
  Tensor build(Builder& b, const Tensor& x) const;
};

struct SpatialDropout {
  static constexpr std::string_view type = "spatial_dropout";
  static constexpr std::string_view doc =
      "Drops whole channels while training. Tompson and others 2015.";
  double rate = 0.5;

  void fields(FieldVisitor& visit) { visit("rate", rate, "probability of dropping a channel"); }
  Tensor build(Builder& b, const Tensor& x) const { return b.spatial_dropout(x, rate); }
};

}  // namespace sinapse
