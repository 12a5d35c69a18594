// Activation functions: the table of them, their names, and reference values.
// A user's own activation is a struct of about six lines: see activation_formula.h.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace sinapse {

class Traced;

/// A constant of an activation, such as the slope of a leaky ReLU.
struct ActivationConstant {
  std::string_view name;
  double default_value;
  std::string_view doc;
};

/// How an activation is computed: its one formula, instantiated for each number type. The constants
/// are passed in the order of ActivationDefinition::constants; all pointers are null for the
/// row-wise activations, and derivative_from_output where there is no such formula.
struct ActivationFunctions {
  double (*value)(double x, const double* constants) = nullptr;
  double (*derivative)(double x, const double* constants) = nullptr;
  double (*derivative_from_output)(double y, const double* constants) = nullptr;
  float (*value_float)(float x, const float* constants) = nullptr;
  float (*derivative_float)(float x, const float* constants) = nullptr;
  float (*derivative_from_output_float)(float y, const float* constants) = nullptr;
  void (*forward)(const float* x, float* y, size_t n, const float* constants) = nullptr;
  void (*backward)(const float* x, const float* dy, float* dx, size_t n,
                   const float* constants) = nullptr;
  void (*backward_from_output)(const float* y, const float* dy, float* dx, size_t n,
                               const float* constants) = nullptr;
  Traced (*trace)(const double* constants) = nullptr;
};

/// What an activation is: names, formula and constants, as shown by the program and the manual.
struct ActivationDefinition {
  std::string_view name;                  ///< lower case, words joined by underscores
  std::vector<std::string_view> aliases;  ///< other names it is known by
  std::string_view formula;
  std::string_view derivative;
  std::string_view doc;     ///< one sentence: what it is good for
  std::string_view source;  ///< authors and year, or empty
  std::vector<ActivationConstant> constants;
  bool row_wise = false;      ///< needs the whole row: softmax and log_softmax
  bool random_slope = false;  ///< training draws the slope per element: rrelu
  ActivationFunctions functions;
};

/// An activation chosen for a layer: which, and with which constants (as many as the definition's).
struct Activation {
  const ActivationDefinition* definition = nullptr;
  std::vector<double> constants;

  bool operator==(const Activation&) const = default;
};

/// The activation that a text names: `relu`, `leaky_relu(alpha=0.2)`, `LEAKYRELU(0.2)`,
/// `gelu(tanh)`. Letter case, underscores, hyphens and spaces in names are ignored. Throws
/// Error(usage) for an unknown name or constant (with the nearest) or a value not finite.
Activation parse_activation(std::string_view text);

/// The text that parse_activation reads back to the same activation; constants that have their
/// default value are left out.
std::string to_string(const Activation& activation);

/// Every activation: the built-in ones first, then those registered, in order.
const std::vector<const ActivationDefinition*>& activations();

/// Adds a definition; users call register_activation<F>() of activation_formula.h instead.
/// Not to be called while other threads use activations. Throws Error(usage) if a name is taken.
const ActivationDefinition& register_activation(ActivationDefinition definition);

/// The reference values f(x) and f'(x). The derivative at a kink is that of the left branch.
/// Throws Error(usage) for a row-wise activation, which has no value for a single number.
double activate(const Activation& activation, double x);
float activate(const Activation& activation, float x);
double derivative(const Activation& activation, double x);
float derivative(const Activation& activation, float x);

/// Whether f'(x) can be had from y = f(x) alone, so that training need not keep x. Needs a formula
/// for it and constants ≥ 0: with a negative slope the sign of y no longer tells the branch.
bool has_derivative_from_output(const Activation& activation);

/// f'(x) from y = f(x); only if has_derivative_from_output(activation).
double derivative_from_output(const Activation& activation, double y);
float derivative_from_output(const Activation& activation, float y);

}  // namespace sinapse
