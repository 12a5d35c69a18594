// Activation functions that came later than the chapter's fourteen; part of activations-inl.h.

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

struct Sine {
  static constexpr ActivationText text{.name = "sin",
                                       .aliases = {"sine"},
                                       .formula = "sin x",
                                       .derivative = "cos x",
                                       .doc = "Periodic: for waves, and for fine detail.",
                                       .source = "Sitzmann and others 2020"};
  template <class T>
  static T f(T x) {
    return sin(x);
  }
};

struct Cosine {
  static constexpr ActivationText text{.name = "cos",
                                       .aliases = {"cosine"},
                                       .formula = "cos x",
                                       .derivative = "−sin x",
                                       .doc = "Periodic: in embeddings of numbers.",
                                       .source = "Gorishniy, Rubachev, Babenko 2022"};
  template <class T>
  static T f(T x) {
    return cos(x);
  }
};

struct LogSoftmax {
  static constexpr ActivationText text{.name = "log_softmax",
                                       .formula = "x_i − m − log Σ_j e^(x_j − m), m = max x",
                                       .derivative = "δ_ij − e^(y_j)",
                                       .doc = "The logarithm of softmax.",
                                       .row_wise = true};
};
