#include "data/decode_image.h"

#include <fmt/format.h>

#include <sinapse/error.h>

namespace sinapse {

void fail_image(const std::string& source, const std::string& message) {
  throw Error(ErrorCode::data, fmt::format("{}: {}", source, message));
}

void check_image_size(const std::string& source, int64_t height, int64_t width,
                      const DecodeLimits& limits) {
  if (height < 1 || width < 1) fail_image(source, "the picture is empty.");
  if (height <= limits.max_pixels / width) return;
  fail_image(source, fmt::format("the picture claims {} x {} pixels; at most {} are read.", height,
                                 width, limits.max_pixels));
}

Image decode_image(std::string_view bytes, const std::string& source, const DecodeLimits& limits) {
  if (bytes.empty()) fail_image(source, "the file is empty.");
  if (bytes.starts_with("\x89PNG")) return decode_png(bytes, source, limits);
  if (bytes.starts_with("\xff\xd8")) return decode_jpeg(bytes, source, limits);
  if (bytes.starts_with("BM")) return decode_bmp(bytes, source, limits);
  if (bytes.size() > 2 && bytes[0] == 'P' && bytes[1] >= '1' && bytes[1] <= '6') {
    return decode_pnm(bytes, source, limits);
  }
  fail_image(source, "this is no PNG, JPEG, BMP or PNM picture.");
}

}  // namespace sinapse
