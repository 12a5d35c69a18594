// Adam and what descends from it; part of optimizers-inl.h.

// Scalars of both forms of Adam: step size and root factor carry the bias corrections.
inline Scalars prepare_adam(Constants c, double learning_rate, int64_t step) {
  const double beta1 = c[0], beta2 = c[1];
  const double correction1 = 1 - std::pow(beta1, step), correction2 = 1 - std::pow(beta2, step);
  return {learning_rate / correction1,
          1 / std::sqrt(correction2),
          c[2],
          beta1,
          1 - beta1,
          beta2,
          1 - beta2,
          c[3]};
}

template <bool amsgrad, class T>
void move_adam(T& w, T g, T* m, const T* s) {
  m[0] = multiply_add(s[3], m[0], s[4] * g);
  m[1] = multiply_add(s[6], g * g, s[5] * m[1]);
  T square = m[1];
  if constexpr (amsgrad) square = m[2] = select(m[2] < m[1], m[1], m[2]);
  w = w - quotient(s[0] * m[0], multiply_add(sqrt(square), s[1], s[2]));
}

template <bool amsgrad>
struct Adam {
  static constexpr std::string_view name = "adam";
  static constexpr int num_moments = 2 + amsgrad;
  static Scalars prepare(Constants c, double learning_rate, int64_t step) {
    return prepare_adam(c, learning_rate, step);
  }
  template <class T>
  static void apply(T& w, T g, T* m, const T* s) {
    move_adam<amsgrad>(w, multiply_add(s[7], w, g), m, s);
  }
};

template <bool amsgrad>
struct AdamW {
  static constexpr std::string_view name = "adamw";
  static constexpr int num_moments = 2 + amsgrad;
  static Scalars prepare(Constants c, double learning_rate, int64_t step) {
    Scalars scalars = prepare_adam(c, learning_rate, step);
    scalars[7] = learning_rate * c[3];
    return scalars;
  }
  template <class T>
  static void apply(T& w, T g, T* m, const T* s) {
    w = w - s[7] * w;
    move_adam<amsgrad>(w, g, m, s);
  }
};

struct Adamax {
  static constexpr std::string_view name = "adamax";
  static constexpr int num_moments = 2;
  static Scalars prepare(Constants c, double learning_rate, int64_t step) {
    return {learning_rate / (1 - std::pow(c[0], step)), c[0], 1 - c[0], c[1], c[2], c[3]};
  }
  template <class T>
  static void apply(T& w, T g, T* m, const T* s) {
    g = multiply_add(s[5], w, g);
    m[0] = multiply_add(s[1], m[0], s[2] * g);
    const T before = s[3] * m[1], now = abs(g) + s[4];
    m[1] = select(before < now, now, before);
    w = w - s[0] * m[0] / m[1];
  }
};

// Weight decay of NAdam and RAdam: s[0] added to the gradient, or s[1] taken off the weight.
template <class T>
void decay(T& w, T& g, const T* s) {
  w = w - s[1] * w;
  g = multiply_add(s[0], w, g);
}

inline Scalars prepare_decay(double learning_rate, double weight_decay, bool decoupled) {
  return {decoupled ? 0 : weight_decay, decoupled ? learning_rate * weight_decay : 0};
}

struct NAdam {
  static constexpr std::string_view name = "nadam";
  static constexpr int num_moments = 2;

  // beta1 warms up: 1 - mu_1 mu_2 ... mu_t replaces 1 - beta1^t.
  static double momentum_of(Constants c, double step) {
    return c[0] * (1 - 0.5 * std::pow(0.96, step * c[4]));
  }
  static double momentum_product(Constants c, int64_t step) {
    const double ratio = std::pow(0.96, c[4]);
    double product = 1, power = 1;
    for (int64_t t = 0; t < step && product > 1e-20; ++t) {  // then 1 - product is 1
      power *= ratio;
      product *= c[0] * (1 - 0.5 * power);
    }
    return product;
  }
  static Scalars prepare(Constants c, double learning_rate, int64_t step) {
    const double mu = momentum_of(c, static_cast<double>(step));
    const double next = momentum_of(c, static_cast<double>(step + 1));
    const double product = momentum_product(c, step);
    Scalars s = prepare_decay(learning_rate, c[3], c[5] != 0);
    s[2] = learning_rate * (1 - mu) / (1 - product);
    s[3] = learning_rate * next / (1 - product * next);
    s[4] = 1 / std::sqrt(1 - std::pow(c[1], step));
    s[5] = c[2], s[6] = c[0], s[7] = 1 - c[0], s[8] = c[1], s[9] = 1 - c[1];
    return s;
  }
  template <class T>
  static void apply(T& w, T g, T* m, const T* s) {
    decay(w, g, s);
    m[0] = multiply_add(s[6], m[0], s[7] * g);
    m[1] = multiply_add(s[9], g * g, s[8] * m[1]);
    w = w - quotient(multiply_add(s[2], g, s[3] * m[0]), multiply_add(sqrt(m[1]), s[4], s[5]));
  }
};

struct RAdam {
  static constexpr std::string_view name = "radam";
  static constexpr int num_moments = 2;

  // s[2] belongs to the adaptive step, s[3] to the plain one; one of them is 0.
  static Scalars prepare(Constants c, double learning_rate, int64_t step) {
    const double power = std::pow(c[1], step), limit = 2 / (1 - c[1]) - 1;
    const double length = limit - 2 * static_cast<double>(step) * power / (1 - power);
    const double plain = learning_rate / (1 - std::pow(c[0], step));
    Scalars s = prepare_decay(learning_rate, c[3], c[4] != 0);
    if (length > 5) {
      s[2] = plain * std::sqrt((1 - power) * (length - 4) * (length - 2) * limit /
                               ((limit - 4) * (limit - 2) * length));
    } else {
      s[3] = plain;
    }
    s[4] = c[2], s[5] = c[0], s[6] = 1 - c[0], s[7] = c[1], s[8] = 1 - c[1];
    return s;
  }
  template <class T>
  static void apply(T& w, T g, T* m, const T* s) {
    decay(w, g, s);
    m[0] = multiply_add(s[5], m[0], s[6] * g);
    m[1] = multiply_add(s[8], g * g, s[7] * m[1]);
    w = w - m[0] * (quotient(s[2], sqrt(m[1]) + s[4]) + s[3]);
  }
};

struct Lion {
  static constexpr std::string_view name = "lion";
  static constexpr int num_moments = 1;
  static Scalars prepare(Constants c, double learning_rate, int64_t) {
    return {learning_rate, c[0], 1 - c[0], c[1], 1 - c[1], learning_rate * c[2]};
  }
  template <class T>
  static void apply(T& w, T g, T* m, const T* s) {
    w = w - s[5] * w;
    w = w - s[0] * sign_of(multiply_add(s[1], m[0], s[2] * g));
    m[0] = multiply_add(s[3], m[0], s[4] * g);
  }
};
