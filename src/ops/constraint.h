// What a constraint asks of the weights of each neuron.
#pragma once

#include <string_view>

namespace sinapse {

enum class ConstraintKind { max_norm, non_negative, unit_norm };

struct Constraint {
  ConstraintKind kind = ConstraintKind::max_norm;
  double limit = 0;  // of the norm
};

/// Keeps quotients by a norm finite.
inline constexpr double kNormEpsilon = 1e-7;

/// Reads "max_norm(2)", "non_negative", "unit_norm". Throws Error(usage), with the nearest name.
Constraint parse_constraint(std::string_view text);

}  // namespace sinapse
