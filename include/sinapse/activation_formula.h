// For an activation of your own: write its formula once, and it can be trained, plotted, saved and
// exported.
//
//     struct Snake {
//       static constexpr sinapse::ActivationText text{.name = "snake", .formula = "x +
//       tanh²(αx)/α"}; static constexpr sinapse::ActivationConstant constants[] = {{"alpha", 1,
//       "frequency"}}; template <class T> static T f(T x, T alpha) {
//         const T t = tanh(alpha * x);
//         return x + t * t / alpha;
//       }
//     };
//     sinapse::register_activation<Snake>();
//
// T is float or double, Dual<T> for the derivative, or Traced for export, so the formula uses only
// + - * /, comparisons and select instead of if, and the functions of formula/scalar.h and
// formula/dual-inl.h, unqualified. Write T(0.5) for a decimal constant.
// gated(x, g) is x·g with 0·infinity = 0: swish is gated(x, sigmoid(x)).
// Optional: `derivative(T x, ...)` and `derivative_from_output(T y, ...)`, where they are cheaper
// or more accurate than the chain rule, and `onnx`, the operator that ONNX has for it.
#pragma once

#include <array>
#include <iterator>
#include <type_traits>
#include <utility>

#include <sinapse/activation.h>
#include <sinapse/formula/dual.h>
#include <sinapse/formula/traced.h>

namespace sinapse {

/// What an activation's struct says about itself; only the name is required.
struct ActivationText {
  std::string_view name;
  std::array<std::string_view, 3> aliases{};
  std::string_view formula{};
  std::string_view derivative{};
  std::string_view doc{};
  std::string_view source{};
  bool row_wise = false;
  bool random_slope = false;
};

/// The ONNX operator that computes an activation; its attributes take the constants, in order.
struct OnnxOperator {
  std::string_view name;
  std::array<std::string_view, 3> attributes{};
};

#include <sinapse/formula/evaluate-inl.h>

/// y[i] = f(x[i]); the plain loop for a user's own activation, and the oracle for the others.
template <class F>
void forward_loop(const float* x, float* y, size_t n, const float* constants) {
  for (size_t i = 0; i < n; ++i) y[i] = formula_value<F>(x[i], constants);
}

/// dx[i] = f'(x[i]) dy[i]
template <class F>
void backward_loop(const float* x, const float* dy, float* dx, size_t n, const float* constants) {
  for (size_t i = 0; i < n; ++i) dx[i] = formula_derivative<F>(x[i], constants) * dy[i];
}

/// dx[i] = f'(x[i]) dy[i] from y = f(x)
template <class F>
void output_backward_loop(const float* y, const float* dy, float* dx, size_t n,
                          const float* constants) {
  for (size_t i = 0; i < n; ++i) dx[i] = formula_output_derivative<F>(y[i], constants) * dy[i];
}

template <class F, size_t... I>
Traced trace_formula(const double* constants, std::index_sequence<I...>) {
  return F::f(Traced::argument(), Traced(constants[I])...);
}

/// The ONNX operators of F: the one it declares, or else its formula's.
template <class F>
Traced trace_formula(const double* constants) {
  if constexpr (requires { F::onnx; }) {
    std::vector<TracedAttribute> attributes;
    for (size_t i = 0; i < num_constants<F>(); ++i)
      attributes.push_back({std::string(F::onnx.attributes[i]), static_cast<float>(constants[i])});
    return Traced::operation(F::onnx.name, {Traced::argument()}, std::move(attributes));
  } else {
    return trace_formula<F>(constants, ConstantIndices<F>());
  }
}

/// The function pointers for F.
template <class F>
ActivationFunctions activation_functions() {
  ActivationFunctions functions;
  functions.value = formula_value<F, double>;
  functions.value_float = formula_value<F, float>;
  functions.derivative = formula_derivative<F, double>;
  functions.derivative_float = formula_derivative<F, float>;
  functions.forward = forward_loop<F>;
  functions.backward = backward_loop<F>;
  functions.trace = trace_formula<F>;
  if constexpr (has_output_derivative<F, double>()) {
    functions.derivative_from_output = formula_output_derivative<F, double>;
    functions.derivative_from_output_float = formula_output_derivative<F, float>;
    functions.backward_from_output = output_backward_loop<F>;
  }
  return functions;
}

/// The definition that the struct F describes.
template <class F>
ActivationDefinition define_activation() {
  ActivationDefinition definition{.name = F::text.name,
                                  .aliases = {},
                                  .formula = F::text.formula,
                                  .derivative = F::text.derivative,
                                  .doc = F::text.doc,
                                  .source = F::text.source,
                                  .constants = {},
                                  .row_wise = F::text.row_wise,
                                  .random_slope = F::text.random_slope,
                                  .functions = {}};
  for (const std::string_view alias : F::text.aliases)
    if (!alias.empty()) definition.aliases.push_back(alias);
  if constexpr (requires { F::constants; })
    definition.constants.assign(std::begin(F::constants), std::end(F::constants));
  if constexpr (!F::text.row_wise) definition.functions = activation_functions<F>();
  return definition;
}

/// Makes a user's own activation known by its name; registering the same struct again changes
/// nothing. Throws Error(usage) if another activation has the name.
template <class F>
const ActivationDefinition& register_activation() {
  static const ActivationDefinition& definition = register_activation(define_activation<F>());
  return definition;
}

}  // namespace sinapse
