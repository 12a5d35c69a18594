#include "fuzz_table.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  sinapse::fuzz_table({reinterpret_cast<const char*>(data), size}, "fuzz.csv");
  return 0;
}
