// PNM: P1 and P4 are black and white, P2 and P5 gray, P3 and P6 colours; the first of each as text.
#include <cctype>

#include <fmt/format.h>

#include "data/decode_image.h"

namespace sinapse {

namespace {

class PnmReader {
 public:
  PnmReader(std::string_view bytes, const std::string& source, const DecodeLimits& limits)
      : bytes_(bytes), source_(source), kind_(bytes[1] - '0') {
    at_ = 2;
    width_ = number("the width");
    height_ = number("the height");
    maximum_ = is_bitmap() ? 1 : number("the largest value");
    if (maximum_ < 1 || maximum_ > 65535)
      fail_image(source_, "damaged PNM: the largest value is not between 1 and 65535.");
    check_image_size(source_, height_, width_, limits);
    if (kind_ >= 4) ++at_;  // the one space before the values
  }

  Image read() {
    const int64_t channels = kind_ % 3 == 0 ? 3 : 1;
    const int64_t count = height_ * width_ * channels;
    require_bytes(count);
    Image image = blank_image(height_, width_, channels);
    if (kind_ == 4) {
      read_bits(image);
    } else {
      for (int64_t i = 0; i < count; ++i)
        image.pixels[i] = scaled(kind_ <= 3 ? text_value() : value());
    }
    return image;
  }

 private:
  bool is_bitmap() const { return kind_ == 1 || kind_ == 4; }

  // Before memory is asked for.
  void require_bytes(int64_t count) const {
    const int64_t left = static_cast<int64_t>(bytes_.size()) - static_cast<int64_t>(at_);
    const int64_t needed = kind_ == 4       ? height_ * ((width_ + 7) / 8)
                           : maximum_ > 255 ? 2 * count
                                            : count;
    if (left < (kind_ <= 3 ? count : needed))
      fail_image(source_, "damaged PNM: the file ends too early.");
  }

  void skip_space() {
    while (at_ < bytes_.size()) {
      if (bytes_[at_] == '#') {
        while (at_ < bytes_.size() && bytes_[at_] != '\n') ++at_;
      } else if (!std::isspace(static_cast<unsigned char>(bytes_[at_]))) {
        return;
      } else {
        ++at_;
      }
    }
  }

  int64_t number(const char* what) {
    constexpr int64_t kMost = int64_t{1} << 31;
    skip_space();
    const size_t begin = at_;
    int64_t value = 0;
    for (; at_ < bytes_.size() && std::isdigit(static_cast<unsigned char>(bytes_[at_])); ++at_) {
      value = 10 * value + (bytes_[at_] - '0');
      if (value > kMost) break;
    }
    if (at_ == begin || value > kMost) {
      fail_image(source_, fmt::format("damaged PNM: {} is missing or too large.", what));
    }
    return value;
  }

  int64_t text_value() {
    if (kind_ != 1) return number("a value");
    skip_space();  // digits of a bitmap may stand without spaces
    if (at_ >= bytes_.size() || (bytes_[at_] != '0' && bytes_[at_] != '1')) {
      fail_image(source_, "damaged PNM: the file ends too early.");
    }
    return bytes_[at_++] == '0' ? 1 : 0;  // 1 is black
  }

  int64_t value() {
    int64_t value = static_cast<uint8_t>(bytes_[at_++]);
    if (maximum_ > 255) value = value << 8 | static_cast<uint8_t>(bytes_[at_++]);
    return value;
  }

  uint8_t scaled(int64_t value) const {
    return static_cast<uint8_t>((std::min(value, maximum_) * 255 + maximum_ / 2) / maximum_);
  }

  void read_bits(Image& image) {
    const int64_t bytes_of_row = (width_ + 7) / 8;
    for (int64_t y = 0; y < height_; ++y) {
      for (int64_t x = 0; x < width_; ++x) {
        const auto byte = static_cast<uint8_t>(bytes_[at_ + y * bytes_of_row + x / 8]);
        *image.at(y, x) = (byte >> (7 - x % 8) & 1) != 0 ? 0 : 255;
      }
    }
  }

  std::string_view bytes_;
  const std::string& source_;
  int kind_;
  size_t at_ = 0;
  int64_t width_ = 0, height_ = 0, maximum_ = 0;
};

}  // namespace

Image decode_pnm(std::string_view bytes, const std::string& source, const DecodeLimits& limits) {
  return PnmReader(bytes, source, limits).read();
}

}  // namespace sinapse
