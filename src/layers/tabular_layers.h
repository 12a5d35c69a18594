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

}  // namespace sinapse
