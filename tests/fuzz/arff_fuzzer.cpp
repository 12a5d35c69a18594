#include "fuzz_table.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string rest(reinterpret_cast<const char*>(data), size);
  sinapse::fuzz_table("@relation r\n@attribute " + rest, "fuzz.arff");
  return 0;
}
