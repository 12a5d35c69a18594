// Calls a formula F, a struct as activation_formula.h describes it, with its constants in an array.
// No #pragma once: included inside the namespace of each instruction set, after dual-inl.h.

/// How many constants F declares.
template <class F>
constexpr size_t num_constants() {
  if constexpr (requires { F::constants; }) {
    return std::size(F::constants);
  } else {
    return 0;
  }
}

/// function(c0, c1, ...) for the constants of F.
template <class F, class T, class Function>
auto with_constants(const T* constants, Function function) {
  return [&]<size_t... I>(std::index_sequence<I...>) {
    return function(constants[I]...);
  }(std::make_index_sequence<num_constants<F>()>());
}

/// f(x)
template <class F, class T>
T formula_value(T x, const T* constants) {
  return with_constants<F>(constants, [x](auto... c) { return T(F::f(x, c...)); });
}

/// f'(x): F's own formula for it, or else by dual numbers.
template <class F, class T>
T formula_derivative(T x, const T* constants) {
  return with_constants<F>(constants, [x](auto... c) {
    if constexpr (requires { F::derivative(x, c...); }) {
      return T(F::derivative(x, c...));
    } else {
      return F::f(Dual<T>(x, T(1)), Dual<T>(c)...).derivative;
    }
  });
}

/// Whether F says its derivative in terms of y = f(x).
template <class F, class T>
constexpr bool has_output_derivative() {
  return []<size_t... I>(std::index_sequence<I...>) {
    return requires(T y, const T* c) { F::derivative_from_output(y, c[I]...); };
  }(std::make_index_sequence<num_constants<F>()>());
}

/// f'(x) from y = f(x).
template <class F, class T>
T formula_output_derivative(T y, const T* constants) {
  return with_constants<F>(constants,
                           [y](auto... c) { return T(F::derivative_from_output(y, c...)); });
}
