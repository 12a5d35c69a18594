// One formula for each optimizer, for one weight w with gradient g and its moments m[...].
// `prepare` folds learning rate, step and constants into a few scalars once a step; `apply` is
// generic in its number type: float, double, or a SIMD vector.
// No #pragma once: included inside the namespace of each instruction set, after ops/scalars.h.

struct Sgd {
  static constexpr std::string_view name = "sgd";
  static constexpr int num_moments = 0;
  static Scalars prepare(std::span<const double> constants, double learning_rate, int64_t) {
    return {learning_rate, constants[0]};
  }
  template <class T>
  static void apply(T& w, T g, T*, const T* s) {
    w = w - s[0] * (g + s[1] * w);
  }
};

struct Momentum {
  static constexpr std::string_view name = "momentum";
  static constexpr int num_moments = 1;
  static Scalars prepare(std::span<const double> constants, double learning_rate, int64_t) {
    return {learning_rate, constants[0], constants[1]};
  }
  template <class T>
  static void apply(T& w, T g, T* m, const T* s) {
    m[0] = s[1] * m[0] + (g + s[2] * w);
    w = w - s[0] * m[0];
  }
};

struct Nesterov {
  static constexpr std::string_view name = "nesterov";
  static constexpr int num_moments = 1;
  static Scalars prepare(std::span<const double> constants, double learning_rate, int64_t) {
    return {learning_rate, constants[0], constants[1]};
  }
  template <class T>
  static void apply(T& w, T g, T* m, const T* s) {
    g = g + s[2] * w;
    m[0] = s[1] * m[0] + g;
    w = w - s[0] * (g + s[1] * m[0]);
  }
};

// Scalars of both forms of Adam: step size and root factor carry the bias corrections.
inline Scalars prepare_adam(std::span<const double> constants, double learning_rate, int64_t step) {
  const double beta1 = constants[0], beta2 = constants[1];
  const double correction1 = 1 - std::pow(beta1, step), correction2 = 1 - std::pow(beta2, step);
  return {learning_rate / correction1, 1 / std::sqrt(correction2), constants[2], beta1,
          1 - beta1,                   beta2,                      1 - beta2,    constants[3]};
}

template <class T>
void move_adam(T& w, T g, T* m, const T* s) {
  m[0] = s[3] * m[0] + s[4] * g;
  m[1] = s[5] * m[1] + s[6] * (g * g);
  w = w - s[0] * m[0] / (sqrt(m[1]) * s[1] + s[2]);
}

struct Adam {
  static constexpr std::string_view name = "adam";
  static constexpr int num_moments = 2;
  static Scalars prepare(std::span<const double> constants, double learning_rate, int64_t step) {
    return prepare_adam(constants, learning_rate, step);
  }
  template <class T>
  static void apply(T& w, T g, T* m, const T* s) {
    move_adam(w, g + s[7] * w, m, s);
  }
};

struct AdamW {
  static constexpr std::string_view name = "adamw";
  static constexpr int num_moments = 2;
  static Scalars prepare(std::span<const double> constants, double learning_rate, int64_t step) {
    Scalars scalars = prepare_adam(constants, learning_rate, step);
    scalars[7] = learning_rate * constants[3];
    return scalars;
  }
  template <class T>
  static void apply(T& w, T g, T* m, const T* s) {
    w = w - s[7] * w;
    move_adam(w, g, m, s);
  }
};

/// Calls f(Formula{}) for the optimizer of that name; returns false if there is none.
template <class F>
bool with_optimizer_formula(std::string_view name, F f) {
  bool found = false;
  const auto try_formula = [&](auto formula) {
    if (!found && formula.name == name) f(formula), found = true;
  };
  try_formula(Sgd{});
  try_formula(Momentum{});
  try_formula(Nesterov{});
  try_formula(Adam{});
  try_formula(AdamW{});
  return found;
}
