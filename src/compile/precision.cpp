#include "compile/precision.h"

#include <fmt/format.h>

#include <sinapse/error.h>

namespace sinapse {

ProductPrecision parse_precision(const std::string& name) {
  if (name == "float32") return ProductPrecision::float32;
  if (name == "bf16") return ProductPrecision::bf16;
  throw Error(ErrorCode::usage,
              fmt::format("precision must be float32 or bf16, but is \"{}\".", name));
}

}  // namespace sinapse
