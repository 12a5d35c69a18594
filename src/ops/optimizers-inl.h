// One formula for each optimizer, for one weight w with gradient g and its moments m[...].
// `prepare` folds learning rate, step and constants (c, in the order of the table in optimizer.cpp)
// into a few scalars once a step; `apply` is generic in its number type: float, double, or a SIMD
// vector. Moments start at 0. Sums of products are written as multiply_add: an update waits for its
// own results most of the time, and one operation less is one wait less.
// No #pragma once: included inside the namespace of each instruction set, after ops/scalars.h.

using Constants = std::span<const double>;

struct Sgd {
  static constexpr std::string_view name = "sgd";
  static constexpr int num_moments = 0;
  static Scalars prepare(Constants c, double learning_rate, int64_t) {
    return {learning_rate, c[0]};
  }
  template <class T>
  static void apply(T& w, T g, T*, const T* s) {
    w = w - s[0] * multiply_add(s[1], w, g);
  }
};

struct Momentum {
  static constexpr std::string_view name = "momentum";
  static constexpr int num_moments = 1;
  // The first gradient is not dampened: it starts the mean.
  static Scalars prepare(Constants c, double learning_rate, int64_t step) {
    return {learning_rate, c[0], c[2], step == 1 ? 1 : 1 - c[1]};
  }
  template <class T>
  static void apply(T& w, T g, T* m, const T* s) {
    m[0] = multiply_add(s[1], m[0], s[3] * multiply_add(s[2], w, g));
    w = w - s[0] * m[0];
  }
};

struct Nesterov {
  static constexpr std::string_view name = "nesterov";
  static constexpr int num_moments = 1;
  static Scalars prepare(Constants c, double learning_rate, int64_t) {
    return {learning_rate, c[0], c[1]};
  }
  template <class T>
  static void apply(T& w, T g, T* m, const T* s) {
    g = multiply_add(s[2], w, g);
    m[0] = multiply_add(s[1], m[0], g);
    w = w - s[0] * multiply_add(s[1], m[0], g);
  }
};

// The start value of the sum is added where the sum is used, so that the moment may start at 0.
struct Adagrad {
  static constexpr std::string_view name = "adagrad";
  static constexpr int num_moments = 1;
  static Scalars prepare(Constants c, double learning_rate, int64_t step) {
    return {learning_rate / (1 + static_cast<double>(step - 1) * c[0]), c[1], c[2], c[3]};
  }
  template <class T>
  static void apply(T& w, T g, T* m, const T* s) {
    g = multiply_add(s[3], w, g);
    m[0] = multiply_add(g, g, m[0]);
    w = w - quotient(s[0] * g, sqrt(m[0] + s[1]) + s[2]);
  }
};

struct Adadelta {
  static constexpr std::string_view name = "adadelta";
  static constexpr int num_moments = 2;
  static Scalars prepare(Constants c, double learning_rate, int64_t) {
    return {learning_rate, c[0], 1 - c[0], c[1], c[2]};
  }
  template <class T>
  static void apply(T& w, T g, T* m, const T* s) {
    g = multiply_add(s[4], w, g);
    m[0] = multiply_add(s[2], g * g, s[1] * m[0]);
    const T move = sqrt(m[1] + s[3]) / sqrt(m[0] + s[3]) * g;
    m[1] = multiply_add(s[2], move * move, s[1] * m[1]);
    w = w - s[0] * move;
  }
};

// m[0] mean square; then, if centered, the mean; then, if asked for, the momentum.
template <bool centered, bool has_momentum>
struct RmsProp {
  static constexpr std::string_view name = "rmsprop";
  static constexpr int num_moments = 1 + centered + has_momentum;
  static Scalars prepare(Constants c, double learning_rate, int64_t) {
    return {learning_rate, c[0], 1 - c[0], c[1], c[2], c[4]};
  }
  template <class T>
  static void apply(T& w, T g, T* m, const T* s) {
    g = multiply_add(s[5], w, g);
    m[0] = multiply_add(s[2], g * g, s[1] * m[0]);
    T variance = m[0];
    if constexpr (centered) {
      m[1] = multiply_add(s[1], m[1], s[2] * g);
      variance = m[0] - m[1] * m[1];
      variance = select(variance < T(0), T(0), variance);  // a rounding error
    }
    T move = quotient(g, sqrt(variance) + s[3]);
    if constexpr (has_momentum) {
      T& momentum = m[1 + centered];
      momentum = multiply_add(s[4], momentum, move);
      move = momentum;
    }
    w = w - s[0] * move;
  }
};

/// -1, 0 or 1; NaN stays NaN.
template <class T>
T sign_of(T x) {
  return select(x > T(0), T(1), select(x < T(0), T(-1), x));
}

// m[0] the last gradient (0 after a change of sign), m[1] the size of the step.
struct Rprop {
  static constexpr std::string_view name = "rprop";
  static constexpr int num_moments = 2;
  static Scalars prepare(Constants c, double learning_rate, int64_t step) {
    return {c[0], c[1], c[2], c[3], step == 1 ? learning_rate : 0};
  }
  template <class T>
  static void apply(T& w, T g, T* m, const T* s) {
    const T agreement = sign_of(g) * sign_of(m[0]);
    const T factor = select(agreement > T(0), s[1], select(agreement < T(0), s[0], T(1)));
    const T size = (m[1] + s[4]) * factor;
    m[1] = select(size < s[2], s[2], select(size > s[3], s[3], size));
    m[0] = select(agreement < T(0), T(0), g);
    w = w - sign_of(m[0]) * m[1];
  }
};

#include "ops/adam_family-inl.h"

/// Calls f(Formula{}) for the formula of that optimizer; returns false if it has none.
template <class F>
bool with_optimizer_formula(const Optimizer& optimizer, F f) {
  const std::string_view name = optimizer.definition->name;
  const Constants c = optimizer.constants;
  const auto use = [&](auto formula) { return f(formula), true; };
  if (name == Sgd::name) return use(Sgd{});
  if (name == Momentum::name) return use(Momentum{});
  if (name == Nesterov::name) return use(Nesterov{});
  if (name == Adagrad::name) return use(Adagrad{});
  if (name == Adadelta::name) return use(Adadelta{});
  if (name == RmsProp<false, false>::name) {
    if (c[3] != 0) return c[2] != 0 ? use(RmsProp<true, true>{}) : use(RmsProp<true, false>{});
    return c[2] != 0 ? use(RmsProp<false, true>{}) : use(RmsProp<false, false>{});
  }
  if (name == Adam<false>::name) return c[4] != 0 ? use(Adam<true>{}) : use(Adam<false>{});
  if (name == AdamW<false>::name) return c[4] != 0 ? use(AdamW<true>{}) : use(AdamW<false>{});
  if (name == Adamax::name) return use(Adamax{});
  if (name == NAdam::name) return use(NAdam{});
  if (name == RAdam::name) return use(RAdam{});
  if (name == Lion::name) return use(Lion{});
  if (name == Rprop::name) return use(Rprop{});
  return false;
}
