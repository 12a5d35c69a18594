// What the formulas of ops/*-inl.h need, included before them.
#pragma once

#include <sinapse/formula/scalar.h>

#include <array>
#include <cmath>
#include <cstdint>
#include <span>
#include <string_view>

namespace sinapse {

/// The numbers an optimizer's formula uses in one step.
inline constexpr int kMaxScalars = 10;
using Scalars = std::array<double, kMaxScalars>;

}  // namespace sinapse
