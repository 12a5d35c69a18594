// Calls a formula F, a struct as activation_formula.h describes it, with its constants in an array.
// No #pragma once: included inside the namespace of each instruction set, after dual-inl.h.
// No lambdas: compilers do not agree that those may use the instruction set around them.

/// How many constants F declares.
template <class F>
constexpr size_t num_constants() {
  if constexpr (requires { F::constants; }) {
    return std::size(F::constants);
  } else {
    return 0;
  }
}

template <class F>
using ConstantIndices = std::make_index_sequence<num_constants<F>()>;

template <class F, class T, size_t... I>
T formula_value(T x, const T* c, std::index_sequence<I...>) {
  return F::f(x, c[I]...);
}

/// f(x)
template <class F, class T>
T formula_value(T x, const T* constants) {
  return formula_value<F>(x, constants, ConstantIndices<F>());
}

template <class F, class T, size_t... I>
T formula_derivative(T x, const T* c, std::index_sequence<I...>) {
  if constexpr (requires { F::derivative(x, c[I]...); }) {
    return F::derivative(x, c[I]...);
  } else {
    return F::f(Dual<T>(x, T(1)), Dual<T>(c[I])...).derivative;
  }
}

/// f'(x): F's own formula for it, or else by dual numbers.
template <class F, class T>
T formula_derivative(T x, const T* constants) {
  return formula_derivative<F>(x, constants, ConstantIndices<F>());
}

template <class F, class T, size_t... I>
constexpr bool has_output_derivative(std::index_sequence<I...>) {
  return requires(T y, const T* c) {
    F::derivative_from_output(y, c[I]...);
  };
}

/// Whether F says its derivative in terms of y = f(x).
template <class F, class T>
constexpr bool has_output_derivative() {
  return has_output_derivative<F, T>(ConstantIndices<F>());
}

template <class F, class T, size_t... I>
T formula_output_derivative(T y, const T* c, std::index_sequence<I...>) {
  return F::derivative_from_output(y, c[I]...);
}

/// f'(x) from y = f(x).
template <class F, class T>
T formula_output_derivative(T y, const T* constants) {
  return formula_output_derivative<F>(y, constants, ConstantIndices<F>());
}
