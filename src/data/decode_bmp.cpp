// BMP without compression: 1, 4 and 8 bits with a palette; 16, 24 and 32 bits, with masks, too.
#include <bit>

#include <fmt/format.h>

#include "data/decode_image.h"

namespace sinapse {

namespace {

constexpr uint32_t kNoCompression = 0, kMasks = 3;

// Which bits of a pixel are one colour.
struct Mask {
  uint32_t bits = 0;

  uint8_t of(uint32_t pixel) const {
    if (bits == 0) return 0;
    const int shift = std::countr_zero(bits);
    const uint64_t most = bits >> shift;
    return static_cast<uint8_t>(((pixel & bits) >> shift) * uint64_t{255} / most);
  }
};

class BmpReader {
 public:
  BmpReader(std::string_view bytes, const std::string& source, const DecodeLimits& limits)
      : bytes_(bytes), source_(source) {
    if (bytes_.size() < 54) fail("the file ends too early");
    pixels_ = number(10, 4);
    header_ = number(14, 4);
    if (header_ < 40) fail("its header is of an old kind");
    width_ = static_cast<int32_t>(number(18, 4));
    const auto height = static_cast<int32_t>(number(22, 4));
    top_down_ = height < 0;
    height_ = std::abs(static_cast<int64_t>(height));
    depth_ = static_cast<int>(number(28, 2));
    compression_ = number(30, 4);
    check_image_size(source_, height_, width_, limits);
    check_depth();
    const int64_t row = (width_ * depth_ + 31) / 32 * 4;
    if (pixels_ > bytes_.size() || row * height_ > static_cast<int64_t>(bytes_.size() - pixels_)) {
      fail("the file ends too early");
    }
    stride_ = row;
  }

  Image read() const {
    Image image = blank_image(height_, width_, 3);
    for (int64_t y = 0; y < height_; ++y) {
      const size_t row = pixels_ + stride_ * (top_down_ ? y : height_ - 1 - y);
      for (int64_t x = 0; x < width_; ++x) read_pixel(row, x, image.at(y, x));
    }
    return image;
  }

 private:
  [[noreturn]] void fail(const char* message) const {
    fail_image(source_, fmt::format("BMP cannot be read: {}.", message));
  }

  uint32_t number(size_t at, size_t count) const {
    if (count > bytes_.size() || at > bytes_.size() - count) fail("the file ends too early");
    uint32_t value = 0;
    for (size_t i = count; i-- > 0;) value = value << 8 | static_cast<uint8_t>(bytes_[at + i]);
    return value;
  }

  void check_depth() {
    const bool palette = depth_ == 1 || depth_ == 4 || depth_ == 8;
    const bool colors = depth_ == 16 || depth_ == 24 || depth_ == 32;
    if (!palette && !colors) fail("it has an unknown number of bits a pixel");
    const bool masks = compression_ == kMasks && (depth_ == 16 || depth_ == 32);
    if (compression_ != kNoCompression && !masks) fail("it is compressed");
    red_.bits = depth_ == 16 ? 0x7c00 : 0xff0000;
    green_.bits = depth_ == 16 ? 0x03e0 : 0x00ff00;
    blue_.bits = depth_ == 16 ? 0x001f : 0x0000ff;
    if (!masks) return;
    red_.bits = number(54, 4);
    green_.bits = number(58, 4);
    blue_.bits = number(62, 4);
  }

  void read_pixel(size_t row, int64_t x, uint8_t* to) const {
    if (depth_ > 8) {
      const uint32_t pixel = number(row + x * (depth_ / 8), depth_ / 8);
      to[0] = red_.of(pixel);
      to[1] = green_.of(pixel);
      to[2] = blue_.of(pixel);
      return;
    }
    const int64_t bit = x * depth_;
    const uint32_t byte = number(row + bit / 8, 1);
    const uint32_t index = byte >> (8 - depth_ - bit % 8) & ((1U << depth_) - 1);
    const uint32_t color = number(14 + header_ + 4 * static_cast<size_t>(index), 4);
    to[0] = static_cast<uint8_t>(color >> 16);
    to[1] = static_cast<uint8_t>(color >> 8);
    to[2] = static_cast<uint8_t>(color);
  }

  std::string_view bytes_;
  const std::string& source_;
  size_t pixels_ = 0, header_ = 0;
  int64_t width_ = 0, height_ = 0, stride_ = 0;
  bool top_down_ = false;
  int depth_ = 0;
  uint32_t compression_ = 0;
  Mask red_, green_, blue_;
};

}  // namespace

Image decode_bmp(std::string_view bytes, const std::string& source, const DecodeLimits& limits) {
  return BmpReader(bytes, source, limits).read();
}

}  // namespace sinapse
