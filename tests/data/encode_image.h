// Small picture files for tests, written by the libraries' own encoders or byte by byte.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <string>

#include <jpeglib.h>
#include <png.h>

#include "data/image.h"

namespace sinapse {

/// Every pixel another colour, but smooth enough for JPEG.
inline Image sample_image(int64_t height, int64_t width, int64_t channels) {
  Image image = blank_image(height, width, channels);
  for (int64_t y = 0; y < height; ++y) {
    for (int64_t x = 0; x < width; ++x) {
      for (int64_t c = 0; c < channels; ++c) {
        image.at(y, x)[c] = static_cast<uint8_t>((10 + 3 * y + 2 * x + 60 * c) % 256);
      }
    }
  }
  return image;
}

/// `format`: one of PNG_FORMAT_*; the pixels are as libpng wants them for it.
inline std::string png_file(int64_t height, int64_t width, uint32_t format, const void* pixels,
                            const void* palette = nullptr, uint32_t palette_entries = 0) {
  png_image png{};
  png.version = PNG_IMAGE_VERSION;
  png.width = static_cast<uint32_t>(width);
  png.height = static_cast<uint32_t>(height);
  png.format = format;
  png.colormap_entries = palette_entries;
  png_alloc_size_t size = 0;
  if (!png_image_write_get_memory_size(png, size, 0, pixels, 0, palette)) {
    throw std::runtime_error(png.message);
  }
  std::string bytes(size, '\0');
  if (!png_image_write_to_memory(&png, bytes.data(), &size, 0, pixels, 0, palette)) {
    throw std::runtime_error(png.message);
  }
  bytes.resize(size);
  return bytes;
}

inline std::string png_file(const Image& image) {
  constexpr uint32_t kFormats[] = {PNG_FORMAT_GRAY, PNG_FORMAT_GA, PNG_FORMAT_RGB, PNG_FORMAT_RGBA};
  return png_file(image.height, image.width, kFormats[image.channels - 1], image.pixels.data());
}

/// Of 1 (gray), 3 (RGB) or 4 (CMYK) channels; `exif` is put into an APP1 block.
inline std::string jpeg_file(const Image& image, const std::string& exif = "",
                             bool progressive = false) {
  jpeg_compress_struct info{};
  jpeg_error_mgr errors{};
  info.err = jpeg_std_error(&errors);
  jpeg_create_compress(&info);
  unsigned char* buffer = nullptr;
  unsigned long size = 0;
  jpeg_mem_dest(&info, &buffer, &size);
  info.image_width = static_cast<uint32_t>(image.width);
  info.image_height = static_cast<uint32_t>(image.height);
  info.input_components = static_cast<int>(image.channels);
  info.in_color_space = image.channels == 1   ? JCS_GRAYSCALE
                        : image.channels == 3 ? JCS_RGB
                                              : JCS_CMYK;
  jpeg_set_defaults(&info);
  jpeg_set_quality(&info, 100, TRUE);
  if (progressive) jpeg_simple_progression(&info);
  jpeg_start_compress(&info, TRUE);
  if (!exif.empty()) {
    jpeg_write_marker(&info, JPEG_APP0 + 1, reinterpret_cast<const JOCTET*>(exif.data()),
                      static_cast<unsigned>(exif.size()));
  }
  for (int64_t y = 0; y < image.height; ++y) {
    JSAMPROW row = const_cast<uint8_t*>(image.at(y, 0));
    jpeg_write_scanlines(&info, &row, 1);
  }
  jpeg_finish_compress(&info);
  jpeg_destroy_compress(&info);
  std::string bytes(reinterpret_cast<char*>(buffer), size);
  std::free(buffer);
  return bytes;
}

/// An EXIF block with nothing but an orientation.
inline std::string exif_block(int orientation) {
  std::string exif("Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0", 25);
  exif += static_cast<char>(orientation);
  return exif + std::string(6, '\0');
}

inline std::string ppm_file(const Image& image) {
  std::string bytes = (image.channels == 1 ? "P5\n" : "P6\n# a comment\n") +
                      std::to_string(image.width) + " " + std::to_string(image.height) + "\n255\n";
  return bytes.append(image.pixels.begin(), image.pixels.end());
}

}  // namespace sinapse
