// The table of activations, their reference values and their traces.
#include <algorithm>
#include <list>

#include <sinapse/activation_formula.h>
#include <sinapse/error.h>

#include "ops/activation_names.h"

namespace sinapse {
namespace {

#include "ops/activations-inl.h"

template <class... F>
struct List {
  static constexpr size_t size = sizeof...(F);
  static void define(std::list<ActivationDefinition>& definitions) {
    (definitions.push_back(define_activation<F>()), ...);
  }
};

struct Catalogue {
  std::list<ActivationDefinition> definitions;  // a list: pointers to its elements stay valid
  std::vector<const ActivationDefinition*> pointers;

  Catalogue() {
    BuiltInActivations<List>::define(definitions);
    for (const ActivationDefinition& definition : definitions) pointers.push_back(&definition);
  }
};

Catalogue& catalogue() {
  static Catalogue all;
  return all;
}

/// The activation's function of one number, with its constants in that number's type.
template <class T>
T apply(const Activation& activation, T (*function)(T, const T*), T x) {
  if (function == nullptr)
    throw Error(ErrorCode::usage, "activation \"" + std::string(activation.definition->name) +
                                      "\" works on whole rows and has no value for one number");
  const std::vector<T> constants(activation.constants.begin(), activation.constants.end());
  return function(x, constants.data());
}

Traced trace_row_wise(const ActivationDefinition& definition) {
  const std::string_view name = definition.name == "softmax" ? "Softmax" : "LogSoftmax";
  return Traced::operation(name, {Traced::argument()}, {{"axis", int64_t{-1}}});
}

}  // namespace

const std::vector<const ActivationDefinition*>& activations() {
  return catalogue().pointers;
}

size_t num_built_in_activations() {
  return BuiltInActivations<List>::size;
}

const ActivationDefinition& register_activation(ActivationDefinition definition) {
  std::vector<std::string_view> names = definition.aliases;
  names.push_back(definition.name);
  for (const std::string_view name : names)
    if (find_activation(name) != nullptr)
      throw Error(ErrorCode::usage, "cannot register activation \"" + std::string(definition.name) +
                                        "\": the name \"" + std::string(name) +
                                        "\" is taken; choose another");
  Catalogue& all = catalogue();
  all.definitions.push_back(std::move(definition));
  all.pointers.push_back(&all.definitions.back());
  return all.definitions.back();
}

double activate(const Activation& activation, double x) {
  return apply(activation, activation.definition->functions.value, x);
}

float activate(const Activation& activation, float x) {
  return apply(activation, activation.definition->functions.value_float, x);
}

double derivative(const Activation& activation, double x) {
  return apply(activation, activation.definition->functions.derivative, x);
}

float derivative(const Activation& activation, float x) {
  return apply(activation, activation.definition->functions.derivative_float, x);
}

bool has_derivative_from_output(const Activation& activation) {
  return activation.definition->functions.derivative_from_output != nullptr &&
         std::all_of(activation.constants.begin(), activation.constants.end(),
                     [](double constant) { return constant >= 0; });
}

double derivative_from_output(const Activation& activation, double y) {
  return apply(activation, activation.definition->functions.derivative_from_output, y);
}

float derivative_from_output(const Activation& activation, float y) {
  return apply(activation, activation.definition->functions.derivative_from_output_float, y);
}

Traced trace(const Activation& activation) {
  const ActivationDefinition& definition = *activation.definition;
  if (definition.row_wise) return trace_row_wise(definition);
  return definition.functions.trace(activation.constants.data());
}

}  // namespace sinapse
