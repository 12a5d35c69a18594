#include <cstdint>
#include <span>

#include <sinapse/error.h>

#include "data/npy.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  try {
    sinapse::parse_npy(std::as_bytes(std::span(data, size)), "fuzz.npy");
  } catch (const sinapse::Error&) {
  }
  return 0;
}
