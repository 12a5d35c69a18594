// Whatever bytes a checkpoint has, reading it ends in tensors or in an Error.
#include <sinapse/error.h>

#include "data/safetensors.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  try {
    sinapse::parse_safetensors({reinterpret_cast<const char*>(data), size}, "fuzz");
  } catch (const sinapse::Error&) {
  }
  return 0;
}
