// Whatever bytes a model file has, reading it ends in a network or in an Error.
#include <sinapse/error.h>

#include "onnx/read.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  try {
    const auto trained = sinapse::parse_onnx({reinterpret_cast<const char*>(data), size}, "fuzz");
    sinapse::weights_sha256(trained);
  } catch (const sinapse::Error&) {
  }
  return 0;
}
