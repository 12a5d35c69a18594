// Element-wise losses: one formula and its slope for a prediction p, a target t and constants c.
// The loss of a row is the mean over its elements. Generic in the number type, as the activations
// are. The slope at a kink is 0, as PyTorch has it.
// No #pragma once: included inside the namespace of each instruction set, after ops/scalars.h.

/// 1, -1 or 0; NaN stays NaN.
template <class T>
T sign_of(T x) {
  return select(x > T(0), T(1), select(x < T(0), T(-1), x));
}

/// (p - t)^2
struct SquaredError {
  static constexpr std::string_view name = "mean_squared_error";
  template <class T>
  static T value(T p, T t, const T*) {
    return (p - t) * (p - t);
  }
  template <class T>
  static T slope(T p, T t, const T*) {
    return T(2) * (p - t);
  }
};

/// The same, on targets whose logarithm was taken.
struct SquaredLogarithmicError : SquaredError {
  static constexpr std::string_view name = "mean_squared_logarithmic_error";
};

/// |p - t|
struct AbsoluteError {
  static constexpr std::string_view name = "mean_absolute_error";
  template <class T>
  static T value(T p, T t, const T*) {
    return abs(p - t);
  }
  template <class T>
  static T slope(T p, T t, const T*) {
    return sign_of(p - t);
  }
};

/// |p - t| / |t|
struct AbsolutePercentageError {
  static constexpr std::string_view name = "mean_absolute_percentage_error";
  template <class T>
  static T value(T p, T t, const T*) {
    return abs(p - t) / abs(t);
  }
  template <class T>
  static T slope(T p, T t, const T*) {
    return sign_of(p - t) / abs(t);
  }
};

/// d^2 / 2 for |d| <= delta, else delta (|d| - delta / 2), with d = p - t.
struct Huber {
  static constexpr std::string_view name = "huber";
  template <class T>
  static T value(T p, T t, const T* c) {
    const T d = abs(p - t);
    return select(d <= c[0], T(0.5) * d * d, c[0] * (d - T(0.5) * c[0]));
  }
  template <class T>
  static T slope(T p, T t, const T* c) {
    const T d = p - t;
    return select(d <= -c[0], -c[0], select(d > c[0], c[0], d));
  }
};

/// log cosh d = |d| + log(1 + e^(-2|d|)) - log 2, with d = p - t.
struct LogCosh {
  static constexpr std::string_view name = "log_cosh";
  template <class T>
  static T value(T p, T t, const T*) {
    const T d = abs(p - t);
    return d + (softplus(T(-2) * d) - T(0.69314718055994531));
  }
  template <class T>
  static T slope(T p, T t, const T*) {
    return tanh(p - t);
  }
};

/// q (t - p) where t is above p, else (1 - q) (p - t).
struct Quantile {
  static constexpr std::string_view name = "quantile";
  template <class T>
  static T value(T p, T t, const T* c) {
    const T d = p - t;
    return select(d <= T(0), -c[0] * d, (T(1) - c[0]) * d);
  }
  template <class T>
  static T slope(T p, T t, const T* c) {
    const T d = p - t;
    return select(d > T(0), T(1) - c[0], select(d < T(0), -c[0], d));
  }
};

/// e^p - t p, from the logarithm p of the rate.
struct Poisson {
  static constexpr std::string_view name = "poisson";
  template <class T>
  static T value(T p, T t, const T*) {
    return exp(p) - t * p;
  }
  template <class T>
  static T slope(T p, T t, const T*) {
    return exp(p) - t;
  }
};

/// -s log σ(p) - (1 - s) log(1 - σ(p)) with s = (1 - label_smoothing) t + label_smoothing / 2, from
/// the logit p; written so that nothing overflows.
struct SigmoidCrossEntropy {
  static constexpr std::string_view name = "binary_crossentropy";
  template <class T>
  static T value(T p, T t, const T* c) {
    return softplus(p) - p * smoothed(t, c);
  }
  template <class T>
  static T slope(T p, T t, const T* c) {
    return sigmoid(p) - smoothed(t, c);
  }
  template <class T>
  static T smoothed(T t, const T* c) {
    return (T(1) - c[0]) * t + T(0.5) * c[0];
  }
};

/// -a (1 - r)^gamma log r, where r = σ(±p) is the probability of the true class, and a is alpha
/// for class 1, 1 - alpha for class 0. With z = ±p: -log r = softplus(-z), 1 - r = e^-softplus(z).
struct SigmoidFocal {
  static constexpr std::string_view name = "binary_focal_crossentropy";
  template <class T>
  static T value(T p, T t, const T* c) {
    const T z = (T(2) * t - T(1)) * p;
    return share(t, c) * exp(-c[0] * softplus(z)) * softplus(-z);
  }
  template <class T>
  static T slope(T p, T t, const T* c) {
    const T side = T(2) * t - T(1), z = side * p;
    const T steepness = c[0] * sigmoid(z) * softplus(-z) + sigmoid(-z);
    return -side * share(t, c) * exp(-c[0] * softplus(z)) * steepness;
  }
  template <class T>
  static T share(T t, const T* c) {
    return c[1] * t + (T(1) - c[1]) * (T(1) - t);
  }
};

/// max(0, 1 - s p) with s = 2t - 1, which is 1 or -1.
struct Hinge {
  static constexpr std::string_view name = "hinge";
  template <class T>
  static T value(T p, T t, const T*) {
    return shortfall(p, t);
  }
  template <class T>
  static T slope(T p, T t, const T*) {
    return select(shortfall(p, t) == T(0), T(0), T(1) - T(2) * t);
  }
  template <class T>
  static T shortfall(T p, T t) {
    const T rest = T(1) - (T(2) * t - T(1)) * p;
    return select(rest <= T(0), T(0), rest);
  }
};

/// max(0, 1 - s p)^2
struct SquaredHinge {
  static constexpr std::string_view name = "squared_hinge";
  template <class T>
  static T value(T p, T t, const T*) {
    const T rest = Hinge::shortfall(p, t);
    return rest * rest;
  }
  template <class T>
  static T slope(T p, T t, const T*) {
    return (T(2) - T(4) * t) * Hinge::shortfall(p, t);
  }
};

/// Calls f(Formula{}) for the loss of that name; returns false if there is none.
template <class F>
bool with_loss_formula(std::string_view name, F f) {
  bool found = false;
  const auto try_formula = [&](auto formula) {
    if (!found && formula.name == name) f(formula), found = true;
  };
  try_formula(SquaredError{});
  try_formula(AbsoluteError{});
  try_formula(Huber{});
  try_formula(LogCosh{});
  try_formula(AbsolutePercentageError{});
  try_formula(SquaredLogarithmicError{});
  try_formula(Poisson{});
  try_formula(Quantile{});
  try_formula(SigmoidCrossEntropy{});
  try_formula(SigmoidFocal{});
  try_formula(Hinge{});
  try_formula(SquaredHinge{});
  return found;
}
