// The activation functions: one struct each; here the chapter's fourteen, and the list of all.
// No #pragma once: this is included inside the namespace of each instruction set, which turns every
// formula into its SIMD kernel; ops/activation.cpp includes it for the reference.
// A formula lets NaN through, has its limit at ±infinity, and at a kink the derivative of the left.

struct Cube {
  static constexpr ActivationText text{.name = "cube",
                                       .formula = "x³",
                                       .derivative = "3x²",
                                       .doc = "Odd and unbounded; grows fast."};
  template <class T>
  static T f(T x) {
    return x * x * x;
  }
};

struct Elu {
  static constexpr ActivationText text{
      .name = "elu",
      .formula = "x if x > 0, else α(e^x − 1)",
      .derivative = "1 if x > 0, else αe^x",
      .doc = "Exponential linear unit: a ReLU whose left side saturates at −α.",
      .source = "Clevert, Unterthiner, Hochreiter 2015"};
  static constexpr ActivationConstant constants[] = {{"alpha", 1, "the left limit is −alpha"}};
  static constexpr OnnxOperator onnx{"Elu", {"alpha"}};
  template <class T>
  static T f(T x, T alpha) {
    return select(x <= 0, alpha * expm1(x), x);
  }
  template <class T>
  static T derivative_from_output(T y, T alpha) {
    return select(y <= 0, y + alpha, 1);
  }
};

struct HardSigmoid {
  static constexpr ActivationText text{.name = "hard_sigmoid",
                                       .formula = "αx + β limited to [0, 1]",
                                       .derivative = "α where 0 < αx + β ≤ 1, else 0",
                                       .doc = "Piecewise linear sigmoid; alpha = 1/6 is PyTorch's.",
                                       .source = "Courbariaux, Bengio, David 2015"};
  static constexpr ActivationConstant constants[] = {{"alpha", 0.2, "slope"},
                                                     {"beta", 0.5, "value at 0"}};
  static constexpr OnnxOperator onnx{"HardSigmoid", {"alpha", "beta"}};
  template <class T>
  static T f(T x, T alpha, T beta) {
    return clip(alpha * x + beta, 0, 1);
  }
};

struct HardTanh {
  static constexpr ActivationText text{.name = "hard_tanh",
                                       .formula = "x limited to [−1, 1]",
                                       .derivative = "1 where −1 < x ≤ 1, else 0",
                                       .doc = "Piecewise linear tanh.",
                                       .source = "Collobert 2004"};
  template <class T>
  static T f(T x) {
    return clip(x, -1, 1);
  }
};

struct Identity {
  static constexpr ActivationText text{.name = "identity",
                                       .aliases = {"linear"},
                                       .formula = "x",
                                       .derivative = "1",
                                       .doc = "For the output of a regression."};
  template <class T>
  static T f(T x) {
    return x;
  }
  template <class T>
  static T derivative_from_output(T) {
    return 1;
  }
};

struct LeakyRelu {
  static constexpr ActivationText text{.name = "leaky_relu",
                                       .formula = "x if x > 0, else αx",
                                       .derivative = "1 if x > 0, else α",
                                       .doc = "A ReLU that is never quite dead.",
                                       .source = "Maas, Hannun, Ng 2013"};
  static constexpr ActivationConstant constants[] = {{"alpha", 0.01, "slope of the left side"}};
  template <class T>
  static T f(T x, T alpha) {
    return leaky(x, alpha);
  }
  template <class T>
  static T derivative_from_output(T y, T alpha) {
    return select(y <= 0, alpha, 1);
  }
};

struct RationalTanh {
  static constexpr ActivationText text{
      .name = "rational_tanh",
      .formula = "1.7159 sgn(y)(1 − 1/(1 + |y| + y² + 1.41645y⁴)), y = 2x/3",
      .derivative = "1.7159 (2/3)(1 + 2|y| + 4·1.41645|y|³) / (1 + |y| + y² + 1.41645y⁴)²",
      .doc = "LeCun's scaled tanh without an exponential; f(±1) is nearly ±1.",
      .source = "LeCun, Bottou, Orr, Müller 1998"};
  // With a = |y| and q = 1 + a + 1.41645a³ the value is 1.7159 yq/(1 + aq), exact near 0 too;
  // beyond a million it is constant, and a⁴ cannot overflow.
  template <class T>
  static T f(T x) {
    const T y = clip(T(2.0 / 3) * x, -1e6, 1e6), a = abs(y), q = 1 + a * (1 + T(1.41645) * a * a);
    return T(1.7159) * (y * q / (1 + a * q));
  }
  template <class T>
  static T derivative(T x) {
    const T a = min(abs(T(2.0 / 3) * x), 1e6), q = 1 + a * (1 + T(1.41645) * a * a);
    const T r = 1 / (1 + a * q);
    return T(1.7159 * 2 / 3) * (r * (r * (1 + a * (2 + T(4 * 1.41645) * a * a))));
  }
};

struct Relu {
  static constexpr ActivationText text{
      .name = "relu",
      .formula = "max(0, x)",
      .derivative = "1 if x > 0, else 0",
      .doc = "Rectified linear unit: the default of hidden layers.",
      .source = "Nair, Hinton 2010"};
  static constexpr OnnxOperator onnx{"Relu"};
  template <class T>
  static T f(T x) {
    return select(x <= 0, 0, x);
  }
  template <class T>
  static T derivative_from_output(T y) {
    return select(y <= 0, 0, T(1));
  }
};

struct RandomizedRelu {
  static constexpr ActivationText text{
      .name = "rrelu",
      .aliases = {"randomized_relu"},
      .formula = "x if x > 0, else ax; training draws a from [l, u], inference takes (l + u)/2",
      .derivative = "1 if x > 0, else a",
      .doc = "A leaky ReLU with a random slope, against overfitting.",
      .source = "Xu, Wang, Chen, Li 2015",
      .random_slope = true};
  static constexpr ActivationConstant constants[] = {{"lower", 1.0 / 8, "the smallest slope l"},
                                                     {"upper", 1.0 / 3, "the largest slope u"}};
  template <class T>
  static T f(T x, T lower, T upper) {
    return leaky(x, (lower + upper) / 2);
  }
  template <class T>
  static T derivative_from_output(T y, T lower, T upper) {
    return select(y <= 0, (lower + upper) / 2, 1);
  }
};

struct Sigmoid {
  static constexpr ActivationText text{.name = "sigmoid",
                                       .aliases = {"logistic"},
                                       .formula = "1/(1 + e^−x)",
                                       .derivative = "y(1 − y)",
                                       .doc = "From 0 to 1: a probability, a gate."};
  template <class T>
  static T f(T x) {
    return sigmoid(x);
  }
  template <class T>
  static T derivative_from_output(T y) {
    return y * (1 - y);
  }
};

struct Softmax {
  static constexpr ActivationText text{.name = "softmax",
                                       .formula = "e^(x_i − m) / Σ_j e^(x_j − m), m = max x",
                                       .derivative = "y_i(δ_ij − y_j)",
                                       .doc = "Probabilities of classes: positive, their sum is 1.",
                                       .source = "Bridle 1990",
                                       .row_wise = true};
};

struct Softplus {
  static constexpr ActivationText text{.name = "softplus",
                                       .formula = "log(1 + e^x)",
                                       .derivative = "1/(1 + e^−x) = 1 − e^−y",
                                       .doc = "A smooth ReLU, always positive.",
                                       .source = "Dugas, Bengio, Bélisle, Nadeau, Garcia 2000"};
  template <class T>
  static T f(T x) {
    return softplus(x);
  }
  template <class T>
  static T derivative_from_output(T y) {
    return -expm1(-y);
  }
};

struct Softsign {
  static constexpr ActivationText text{.name = "softsign",
                                       .formula = "x/(1 + |x|)",
                                       .derivative = "1/(1 + |x|)²",
                                       .doc = "From −1 to 1 like tanh, with slower tails.",
                                       .source = "Bergstra, Desjardins, Lamblin, Bengio 2009"};
  static constexpr OnnxOperator onnx{"Softsign"};
  template <class T>
  static T f(T x) {
    const T z = clip(x, -1e30, 1e30);  // ±1 already; infinity would be inf/inf
    return z / (1 + abs(z));
  }
  template <class T>
  static T derivative(T x) {
    const T r = 1 / (1 + abs(x));
    return r * r;
  }
};

struct Tanh {
  static constexpr ActivationText text{.name = "tanh",
                                       .formula = "tanh x",
                                       .derivative = "1 − y²",
                                       .doc = "Hyperbolic tangent: from −1 to 1, odd."};
  template <class T>
  static T f(T x) {
    return tanh(x);
  }
  template <class T>
  static T derivative_from_output(T y) {
    return 1 - y * y;
  }
};

#include "ops/activations_later-inl.h"

/// Every built-in activation; this order is that of activations().
template <template <class...> class List>
using BuiltInActivations =
    List<Cube, Elu, HardSigmoid, HardTanh, Identity, LeakyRelu, RationalTanh, Relu, RandomizedRelu,
         Sigmoid, Softmax, Softplus, Softsign, Tanh, RectifiedTanh, Selu, Relu6, Swish,
         ThresholdedRelu, Gelu, GeluTanh, GeluSigmoid, Mish, HardSwish, Sine, Cosine, LogSoftmax>;
