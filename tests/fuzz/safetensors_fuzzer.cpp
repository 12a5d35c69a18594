// Whatever bytes a checkpoint has, reading it ends in tensors and a run or in an Error.
#include <sinapse/error.h>

#include "train/checkpoint.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace sinapse;
  try {
    const auto contents = parse_safetensors({reinterpret_cast<const char*>(data), size}, "fuzz");
    read_origin(contents.metadata, "fuzz");
  } catch (const Error&) {
  }
  return 0;
}
