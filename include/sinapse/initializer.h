// Initializers: the values with which parameters start.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <sinapse/constant.h>
#include <sinapse/shape.h>

namespace sinapse {

class InitializerDraw;  // src/layers/initializer_draw.h

/// One row of the table of initializers (src/layers/initializers.cpp). In formulas, fan_in is the
/// product of all axes of the parameter but the first, fan_out of all but the second.
struct InitializerDefinition {
  std::string_view name;
  std::vector<std::string_view> aliases;
  std::string_view formula;
  std::string_view source;  ///< authors and year, or empty
  std::vector<Constant> constants;
  std::vector<double> (*draw)(const InitializerDraw& draw) = nullptr;
  /// Throws Error(usage or model) if constants or shape do not fit; null if all do.
  void (*check)(std::span<const double> constants, const Shape& shape) = nullptr;
};

/// Every initializer, simple ones first.
const std::vector<InitializerDefinition>& initializers();

/// Values for a parameter of that shape in row-major order, a function of (seed, parameter_name)
/// alone. `initializer` is a name with constants: "he_normal", "truncated_normal(deviation=0.02)",
/// "constant(0.1)"; case, underscores and hyphens are ignored.
/// Throws Error(usage), with the nearest name, for an unknown initializer or constant, and
/// Error(model) for a shape that does not fit.
std::vector<double> initial_values(std::string_view initializer, const Shape& shape,
                                   std::string_view parameter_name, uint64_t seed);

/// Throws as initial_values does, without computing anything.
void check_initializer(std::string_view initializer, const Shape& shape);

/// The initializer that suits an activation: He for the rectifier family (He, Zhang, Ren, Sun
/// 2015), LeCun for selu (Klambauer, Unterthiner, Mayr, Hochreiter 2017), Glorot otherwise (Glorot,
/// Bengio 2010).
std::string initializer_for(const std::string& activation);

}  // namespace sinapse
