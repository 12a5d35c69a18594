// Picture files to pictures. Files are not trusted: every decoder checks sizes before it asks for
// memory, and throws Error(data) beginning with `source` for whatever is damaged or too large.
#pragma once

#include <string>
#include <string_view>

#include "data/image.h"

namespace sinapse {

struct DecodeLimits {
  int64_t max_pixels = 100'000'000;  // height times width, before anything is decoded
  /// JPEG files may be decoded at 1/2, 1/4 or 1/8 of their size as long as the shorter side has
  /// this many pixels; 0: at their full size.
  int64_t enough = 0;
};

/// PNG, JPEG, BMP or PNM (P1 to P6), whichever the first bytes say, turned upright as EXIF says. Of
/// an animation the first picture; 16-bit values lose their lower half; CMYK becomes RGB.
Image decode_image(std::string_view bytes, const std::string& source,
                   const DecodeLimits& limits = {});

Image decode_png(std::string_view bytes, const std::string& source, const DecodeLimits& limits);
Image decode_jpeg(std::string_view bytes, const std::string& source, const DecodeLimits& limits);
Image decode_bmp(std::string_view bytes, const std::string& source, const DecodeLimits& limits);
Image decode_pnm(std::string_view bytes, const std::string& source, const DecodeLimits& limits);

/// The orientation, 1 to 8, of an EXIF block (a TIFF header and what follows); 1 if it has none.
int exif_orientation(std::string_view tiff);

/// Throws Error(data): "<source>: <message>".
[[noreturn]] void fail_image(const std::string& source, const std::string& message);

/// Throws unless both are at least 1 and their product is within the limits.
void check_image_size(const std::string& source, int64_t height, int64_t width,
                      const DecodeLimits& limits);

}  // namespace sinapse
