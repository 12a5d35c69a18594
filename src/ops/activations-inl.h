// The activation functions: one struct each. No #pragma once: this is included inside the namespace
// of each instruction set, which turns every formula into its SIMD kernel; ops/activation.cpp
// includes it for the reference.
// A formula lets NaN through, has its limit at ±infinity, and at a kink the derivative of the left.

// The chapter's fourteen.

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

// Later additions.

struct RectifiedTanh {
  static constexpr ActivationText text{.name = "rectified_tanh",
                                       .formula = "max(0, tanh x)",
                                       .derivative = "1 − y² if x > 0, else 0",
                                       .doc = "The right half of tanh."};
  template <class T>
  static T f(T x) {
    return select(x <= 0, 0, tanh(x));
  }
  template <class T>
  static T derivative_from_output(T y) {
    return select(y <= 0, 0, 1 - y * y);
  }
};

struct Selu {
  static constexpr ActivationText text{
      .name = "selu",
      .formula = "γx if x > 0, else γα(e^x − 1)",
      .derivative = "γ if x > 0, else γαe^x",
      .doc = "Scaled ELU that keeps mean 0 and variance 1 through deep dense networks.",
      .source = "Klambauer, Unterthiner, Mayr, Hochreiter 2017"};
  static constexpr ActivationConstant constants[] = {
      {"alpha", 1.6732632423543772848, "the left limit is −gamma·alpha"},
      {"gamma", 1.0507009873554804934, "slope of the right side"}};
  static constexpr OnnxOperator onnx{"Selu", {"alpha", "gamma"}};
  template <class T>
  static T f(T x, T alpha, T gamma) {
    return gamma * select(x <= 0, alpha * expm1(x), x);
  }
  template <class T>
  static T derivative(T x, T alpha, T gamma) {
    return gamma * select(x <= 0, alpha * exp(x), 1);
  }
  template <class T>
  static T derivative_from_output(T y, T alpha, T gamma) {
    return select(y <= 0, y + gamma * alpha, gamma);
  }
};

struct Relu6 {
  static constexpr ActivationText text{.name = "relu6",
                                       .formula = "min(max(0, x), 6)",
                                       .derivative = "1 where 0 < x ≤ 6, else 0",
                                       .doc = "A bounded ReLU, for low-precision inference.",
                                       .source = "Krizhevsky 2010"};
  template <class T>
  static T f(T x) {
    return clip(x, 0, 6);
  }
};

struct Swish {
  static constexpr ActivationText text{.name = "swish",
                                       .aliases = {"silu"},
                                       .formula = "xσ(x)",
                                       .derivative = "σ(x)(1 + x(1 − σ(x)))",
                                       .doc = "A smooth ReLU with a small dip on the left.",
                                       .source = "Elfwing, Uchibe, Doya 2018; Ramachandran 2017"};
  template <class T>
  static T f(T x) {
    return gated(x, sigmoid(x));
  }
};

struct ThresholdedRelu {
  static constexpr ActivationText text{.name = "thresholded_relu",
                                       .formula = "x if x > θ, else 0",
                                       .derivative = "1 if x > θ, else 0",
                                       .doc = "A ReLU that ignores small values; it jumps at θ.",
                                       .source = "Konda, Memisevic, Krueger 2014"};
  static constexpr ActivationConstant constants[] = {{"theta", 1, "the threshold"}};
  static constexpr OnnxOperator onnx{"ThresholdedRelu", {"alpha"}};
  template <class T>
  static T f(T x, T theta) {
    return select(x <= theta, 0, x);
  }
  template <class T>
  static T derivative_from_output(T y, T theta) {
    return select(y <= theta, 0, T(1));
  }
};

struct Gelu {
  static constexpr ActivationText text{.name = "gelu",
                                       .formula = "xΦ(x), Φ(x) = (1 + erf(x/√2))/2",
                                       .derivative = "Φ(x) + xφ(x)",
                                       .doc = "Gaussian error linear unit, exact.",
                                       .source = "Hendrycks, Gimpel 2016"};
  template <class T>
  static T f(T x) {
    return gated(x, normal_cdf(x));
  }
};

struct GeluTanh {
  static constexpr ActivationText text{
      .name = "gelu_tanh",
      .formula = "x(1 + tanh u)/2 = xσ(2u), u = √(2/π)(x + 0.044715x³)",
      .derivative = "σ(2u) + 2xu'σ(2u)(1 − σ(2u))",
      .doc = "The usual approximation of gelu.",
      .source = "Hendrycks, Gimpel 2016"};
  template <class T>
  static T f(T x) {
    return gated(x, sigmoid(T(1.5957691216057307118) * x * (1 + T(0.044715) * x * x)));
  }
};

struct GeluSigmoid {
  static constexpr ActivationText text{.name = "gelu_sigmoid",
                                       .aliases = {"quick_gelu"},
                                       .formula = "xσ(1.702x)",
                                       .derivative = "σ(1.702x)(1 + 1.702x(1 − σ(1.702x)))",
                                       .doc = "The fast approximation of gelu.",
                                       .source = "Hendrycks, Gimpel 2016"};
  template <class T>
  static T f(T x) {
    return gated(x, sigmoid(T(1.702) * x));
  }
};

struct Mish {
  static constexpr ActivationText text{.name = "mish",
                                       .formula = "x tanh(softplus x)",
                                       .derivative = "t + x(1 − t²)σ(x), t = tanh(softplus x)",
                                       .doc = "A smooth ReLU with a small dip on the left.",
                                       .source = "Misra 2019"};
  // tanh(softplus x) = n/(n + 2) with n = e^x(e^x + 2), one exponential; it is 1 above 20.
  template <class T>
  static T f(T x) {
    const T e = exp(min(x, 20)), n = e * (e + 2);
    return gated(x, n / (n + 2));
  }
  template <class T>
  static T derivative(T x) {
    const T z = min(x, 20), e = exp(z), n = e * (e + 2), r = 1 / (n + 2);
    return n * r + gated(z, 4 * (e * (1 + e) * r) * r);
  }
};

struct HardSwish {
  static constexpr ActivationText text{.name = "hard_swish",
                                       .formula = "x · (x/6 + 1/2 limited to [0, 1])",
                                       .derivative = "x/3 + 1/2 where −3 < x ≤ 3, else 0 or 1",
                                       .doc = "Piecewise quadratic swish, for small devices.",
                                       .source = "Howard et al. 2019"};
  static constexpr OnnxOperator onnx{"HardSwish"};
  template <class T>
  static T f(T x) {
    return gated(x, clip(T(1.0 / 6) * x + T(0.5), 0, 1));
  }
};

struct LogSoftmax {
  static constexpr ActivationText text{.name = "log_softmax",
                                       .formula = "x_i − m − log Σ_j e^(x_j − m), m = max x",
                                       .derivative = "δ_ij − e^(y_j)",
                                       .doc = "The logarithm of softmax.",
                                       .row_wise = true};
};

/// Every built-in activation; this order is that of activations().
template <template <class...> class List>
using BuiltInActivations =
    List<Cube, Elu, HardSigmoid, HardTanh, Identity, LeakyRelu, RationalTanh, Relu, RandomizedRelu,
         Sigmoid, Softmax, Softplus, Softsign, Tanh, RectifiedTanh, Selu, Relu6, Swish,
         ThresholdedRelu, Gelu, GeluTanh, GeluSigmoid, Mish, HardSwish, LogSoftmax>;
