// How exactly the products of a plan are computed.
#pragma once

#include <cstdint>
#include <string>

namespace sinapse {

/// float32: all in float. bf16: operands of products are rounded to bfloat16 (8 bits of exponent, 8
/// of mantissa), their sums are floats, and so is everything else, the weights that learn included.
/// Micikevicius and others 2018, Kalamkar and others 2019.
enum class ProductPrecision : uint8_t { float32, bf16 };

/// Throws Error(usage) for any name but float32 and bf16.
ProductPrecision parse_precision(const std::string& name);

}  // namespace sinapse
