// Dual numbers and the functions of formulas, for plain numbers.
#pragma once

#include <type_traits>

#include <sinapse/formula/scalar.h>

namespace sinapse {

#include <sinapse/formula/dual-inl.h>

}  // namespace sinapse
