#include <cstdint>
#include <span>

#include <sinapse/error.h>

#include "data/idx.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  try {
    sinapse::parse_idx(std::as_bytes(std::span(data, size)), "fuzz.idx");
  } catch (const sinapse::Error&) {
  }
  return 0;
}
