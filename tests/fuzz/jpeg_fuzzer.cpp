#include "fuzz_image.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  return sinapse::fuzz_decoder(sinapse::decode_jpeg, data, size);
}
