// Any bytes are a picture or an Error.
#pragma once

#include <cstdlib>

#include <sinapse/error.h>

#include "data/decode_image.h"

namespace sinapse {

inline int fuzz_decoder(Image (*decode)(std::string_view, const std::string&, const DecodeLimits&),
                        const uint8_t* data, size_t size) {
  if (size < 2) return 0;  // decode_image() has looked at them
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  try {
    const Image image = decode(bytes, "fuzz", {.max_pixels = 1 << 20, .enough = 16});
    const auto expected = static_cast<size_t>(image.height * image.width * image.channels);
    if (image.pixels.size() != expected || expected == 0) std::abort();
  } catch (const Error&) {
  }
  return 0;
}

}  // namespace sinapse
