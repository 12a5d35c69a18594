// Layers for tables, after RealMLP (Holzmüller, Grinsztajn, Steinwart 2024). A learned number that
// is written as factor times its parameter learns `factor` times as fast under Adam: this is how a
// layer has a learning rate of its own.
#pragma once

#include <sinapse/layer.h>

namespace sinapse {

struct Scaling {
  static constexpr std::string_view type = "scaling";
  static constexpr std::string_view doc =
      "Each channel times a learned number, 1 at first: which inputs count. Holzmüller, "
      "Grinsztajn, Steinwart 2024.";
  double factor = 1;

  void fields(FieldVisitor& visit) {
    visit("factor", factor, "how many times as fast as other weights it learns under Adam");
  }
  Tensor build(Builder& b, const Tensor& x) const;
};

struct ParametricActivation {
  static constexpr std::string_view type = "parametric_activation";
  static constexpr std::string_view doc =
      "x + a (f(x) - x) with a learned a for each channel, 1 at first: how much of the activation "
      "there is. Holzmüller, Grinsztajn, Steinwart 2024.";
  std::string activation = "mish";
  double factor = 1;

  void fields(FieldVisitor& visit) {
    visit("activation", activation, "the function f");
    visit("factor", factor, "how many times as fast as other weights a learns under Adam");
  }
  Tensor build(Builder& b, const Tensor& x) const;
};

struct PeriodicEmbedding {
  static constexpr std::string_view type = "periodic_embedding";
  static constexpr std::string_view doc =
      "Each number x as x itself and a few sums of waves of it, f(v cos(2 pi w x + b) + c), all "
      "learned for each number; [batch, n] to [batch, n * dimension]. So a network finds steps and "
      "bumps in a number that a dense layer would smooth. Gorishniy, Rubachev, Babenko 2022; "
      "Holzmüller, Grinsztajn, Steinwart 2024.";
  int64_t dimension = 4;
  int64_t frequencies = 16;
  double deviation = 0.1;
  std::string activation = "linear";

  void fields(FieldVisitor& visit) {
    visit("dimension", dimension, "values for each number, the first one is the number itself");
    visit("frequencies", frequencies, "waves for each number");
    visit("deviation", deviation, "of the normal distribution that the frequencies w start from");
    visit("activation", activation, "the function f; relu is that of Gorishniy");
  }
  Tensor build(Builder& b, const Tensor& x) const;
};

}  // namespace sinapse
