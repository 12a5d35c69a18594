// Element-wise losses: one formula and its slope for a prediction p and a target t. The loss of a
// row is the mean over its elements. Generic in the number type, as the activations are.
// No #pragma once: included inside the namespace of each instruction set, after ops/scalars.h.

/// (p - t)^2
struct SquaredError {
  static constexpr std::string_view name = "mean_squared_error";
  template <class T>
  static T value(T p, T t) { return (p - t) * (p - t); }
  template <class T>
  static T slope(T p, T t) { return T(2) * (p - t); }
};

/// -t log σ(p) - (1 - t) log(1 - σ(p)), from the logit p; written so that nothing overflows.
struct SigmoidCrossEntropy {
  static constexpr std::string_view name = "binary_crossentropy";
  template <class T>
  static T value(T p, T t) { return softplus(p) - p * t; }
  template <class T>
  static T slope(T p, T t) { return sigmoid(p) - t; }
};

/// Calls f(Formula{}) for the loss of that name; returns false if there is none.
template <class F>
bool with_loss_formula(std::string_view name, F f) {
  if (name == SquaredError::name) return f(SquaredError{}), true;
  if (name == SigmoidCrossEntropy::name) return f(SigmoidCrossEntropy{}), true;
  return false;
}
