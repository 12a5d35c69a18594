// PNG by libpng's simplified interface: palettes, 16 bits and interlacing are its business.
#include <cstring>

#include <fmt/format.h>
#include <png.h>

#include "data/decode_image.h"

namespace sinapse {

namespace {

class PngReader {
 public:
  explicit PngReader(std::string_view bytes) {
    image_.version = PNG_IMAGE_VERSION;
    good_ = png_image_begin_read_from_memory(&image_, bytes.data(), bytes.size()) != 0;
  }
  ~PngReader() { png_image_free(&image_); }
  PngReader(const PngReader&) = delete;
  PngReader& operator=(const PngReader&) = delete;

  bool good() const { return good_; }
  const char* message() const { return image_.message; }
  int64_t height() const { return image_.height; }
  int64_t width() const { return image_.width; }

  Image read() {
    const bool color = (image_.format & PNG_FORMAT_FLAG_COLOR) != 0;
    const bool alpha = (image_.format & PNG_FORMAT_FLAG_ALPHA) != 0;
    image_.format = color ? (alpha ? PNG_FORMAT_RGBA : PNG_FORMAT_RGB)
                          : (alpha ? PNG_FORMAT_GA : PNG_FORMAT_GRAY);
    Image image = blank_image(height(), width(), (color ? 3 : 1) + (alpha ? 1 : 0));
    good_ = png_image_finish_read(&image_, nullptr, image.pixels.data(), 0, nullptr) != 0;
    return image;
  }

 private:
  png_image image_{};
  bool good_ = false;
};

uint32_t big_endian(const char* bytes) {
  uint32_t value = 0;
  for (int i = 0; i < 4; ++i) value = value << 8 | static_cast<uint8_t>(bytes[i]);
  return value;
}

// The contents of the eXIf chunk.
std::string_view exif_of(std::string_view png) {
  for (size_t at = 8; png.size() >= 12 && at <= png.size() - 12;) {
    const size_t length = big_endian(png.data() + at);
    if (length > png.size() - at - 12) return {};
    if (png.substr(at + 4, 4) == "eXIf") return png.substr(at + 8, length);
    at += length + 12;
  }
  return {};
}

}  // namespace

Image decode_png(std::string_view bytes, const std::string& source, const DecodeLimits& limits) {
  PngReader reader(bytes);
  if (!reader.good()) fail_image(source, fmt::format("damaged PNG: {}.", reader.message()));
  check_image_size(source, reader.height(), reader.width(), limits);
  Image image = reader.read();
  if (!reader.good()) fail_image(source, fmt::format("damaged PNG: {}.", reader.message()));
  return oriented(std::move(image), exif_orientation(exif_of(bytes)));
}

}  // namespace sinapse
