// Pictures in memory, and how they are brought to one size and number of channels.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace sinapse {

/// Bytes [height, width, channels]; 1: gray, 2: gray and alpha, 3: RGB, 4: RGB and alpha.
struct Image {
  int64_t height = 0, width = 0, channels = 0;
  std::vector<uint8_t> pixels;

  const uint8_t* at(int64_t y, int64_t x) const { return &pixels[(y * width + x) * channels]; }
  uint8_t* at(int64_t y, int64_t x) { return &pixels[(y * width + x) * channels]; }
};

/// Of those sizes, all zeros.
Image blank_image(int64_t height, int64_t width, int64_t channels);

/// Turned and mirrored as the EXIF orientation says, 1 to 8; others leave it as it is.
Image oriented(Image image, int orientation);

/// With 1, 3 or 4 channels. What is transparent shows white, if alpha goes; gray is
/// 0.299 R + 0.587 G + 0.114 B.
Image with_channels(const Image& image, int64_t channels);

/// Whether it is gray all over, and opaque.
bool is_gray(const Image& image);

/// At another size, linearly between the pixels; when it shrinks, each pixel is a weighted mean of
/// all that it stands for.
Image resized(const Image& image, int64_t height, int64_t width);

/// How a picture of other proportions is brought to a size.
enum class ImageFit : uint8_t {
  crop,     // scaled so that it covers the size; what stands over is cut off at both ends
  pad,      // scaled so that it fits in; the rest is black
  stretch,  // height and width are scaled for themselves
};
ImageFit fit_from_name(const std::string& name);  ///< Throws Error(usage) with the nearest name.

Image fitted(const Image& image, int64_t height, int64_t width, ImageFit fit);

}  // namespace sinapse
