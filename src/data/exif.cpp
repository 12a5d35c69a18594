// The one thing of EXIF that matters here: which way is up.
#include "data/decode_image.h"

namespace sinapse {

namespace {

class TiffBytes {
 public:
  TiffBytes(std::string_view bytes, bool big_endian) : bytes_(bytes), big_endian_(big_endian) {}

  bool has(size_t at, size_t count) const {
    return at <= bytes_.size() && count <= bytes_.size() - at;
  }

  uint32_t number(size_t at, size_t count) const {
    uint32_t value = 0;
    for (size_t i = 0; i < count; ++i) {
      const auto byte = static_cast<uint8_t>(bytes_[at + (big_endian_ ? i : count - 1 - i)]);
      value = value << 8 | byte;
    }
    return value;
  }

 private:
  std::string_view bytes_;
  bool big_endian_;
};

constexpr uint32_t kOrientationTag = 0x0112, kShort = 3;
constexpr size_t kEntrySize = 12;

}  // namespace

int exif_orientation(std::string_view tiff) {
  if (!tiff.starts_with("MM") && !tiff.starts_with("II")) return 1;
  const TiffBytes bytes(tiff, tiff[0] == 'M');
  if (!bytes.has(0, 8) || bytes.number(2, 2) != 42) return 1;
  const size_t directory = bytes.number(4, 4);
  if (!bytes.has(directory, 2)) return 1;
  const size_t entries = bytes.number(directory, 2);
  for (size_t i = 0; i < entries; ++i) {
    const size_t entry = directory + 2 + i * kEntrySize;
    if (!bytes.has(entry, kEntrySize)) return 1;
    if (bytes.number(entry, 2) != kOrientationTag || bytes.number(entry + 2, 2) != kShort) continue;
    const uint32_t orientation = bytes.number(entry + 8, 2);
    return orientation >= 1 && orientation <= 8 ? static_cast<int>(orientation) : 1;
  }
  return 1;
}

}  // namespace sinapse
