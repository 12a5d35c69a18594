#include "data/image.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include <sinapse/error.h>

#include "data/nearest.h"

namespace sinapse {

namespace {

// Weights of neighbouring pixels, for one pixel of the result.
struct Taps {
  int64_t first = 0;
  std::vector<float> weights;
};

// A triangle as wide as two pixels of the larger grid.
std::vector<Taps> taps_along(int64_t from, int64_t to) {
  const double scale = static_cast<double>(from) / static_cast<double>(to);
  const double reach = std::max(1.0, scale);
  std::vector<Taps> all(to);
  for (int64_t i = 0; i < to; ++i) {
    const double center = (static_cast<double>(i) + 0.5) * scale;
    const auto first = std::max<int64_t>(0, std::lround(std::floor(center - reach)));
    const auto last = std::min(from, static_cast<int64_t>(std::lround(std::ceil(center + reach))));
    double sum = 0;
    std::vector<double> weights;
    for (int64_t k = first; k < last; ++k) {
      const double distance = std::abs(static_cast<double>(k) + 0.5 - center) / reach;
      weights.push_back(std::max(0.0, 1 - distance));
      sum += weights.back();
    }
    all[i].first = first;
    for (const double weight : weights) all[i].weights.push_back(static_cast<float>(weight / sum));
  }
  return all;
}

uint8_t rounded(float value) {
  return static_cast<uint8_t>(std::clamp(value + 0.5f, 0.0f, 255.0f));
}

Image resized_rows(const Image& image, int64_t height) {
  Image result = blank_image(height, image.width, image.channels);
  const int64_t row = image.width * image.channels;
  const std::vector<Taps> taps = taps_along(image.height, height);
  for (int64_t y = 0; y < height; ++y) {
    for (int64_t i = 0; i < row; ++i) {
      float sum = 0;
      for (size_t k = 0; k < taps[y].weights.size(); ++k) {
        const int64_t from = taps[y].first + static_cast<int64_t>(k);
        sum += taps[y].weights[k] * static_cast<float>(image.pixels[from * row + i]);
      }
      result.pixels[y * row + i] = rounded(sum);
    }
  }
  return result;
}

Image resized_columns(const Image& image, int64_t width) {
  Image result = blank_image(image.height, width, image.channels);
  const std::vector<Taps> taps = taps_along(image.width, width);
  for (int64_t y = 0; y < image.height; ++y) {
    for (int64_t x = 0; x < width; ++x) {
      for (int64_t c = 0; c < image.channels; ++c) {
        float sum = 0;
        for (size_t k = 0; k < taps[x].weights.size(); ++k) {
          const int64_t from = taps[x].first + static_cast<int64_t>(k);
          sum += taps[x].weights[k] * static_cast<float>(image.at(y, from)[c]);
        }
        result.at(y, x)[c] = rounded(sum);
      }
    }
  }
  return result;
}

struct Color {
  int red, green, blue, alpha;
};

Color color_of(const uint8_t* pixel, int64_t channels) {
  const bool gray = channels <= 2;
  const int alpha = channels % 2 == 0 ? pixel[channels - 1] : 255;
  return {pixel[0], pixel[gray ? 0 : 1], pixel[gray ? 0 : 2], alpha};
}

// On a white ground.
Color without_alpha(const Color& color) {
  const auto over = [&](int value) {
    return (value * color.alpha + 255 * (255 - color.alpha) + 127) / 255;
  };
  return {over(color.red), over(color.green), over(color.blue), 255};
}

void write_color(const Color& color, uint8_t* pixel, int64_t channels) {
  if (channels == 1) {
    pixel[0] =
        static_cast<uint8_t>((299 * color.red + 587 * color.green + 114 * color.blue + 500) / 1000);
    return;
  }
  pixel[0] = static_cast<uint8_t>(color.red);
  pixel[1] = static_cast<uint8_t>(color.green);
  pixel[2] = static_cast<uint8_t>(color.blue);
  if (channels == 4) pixel[3] = static_cast<uint8_t>(color.alpha);
}

Image centered(const Image& image, int64_t height, int64_t width) {
  Image result = blank_image(height, width, image.channels);
  const int64_t top = (image.height - height) / 2, left = (image.width - width) / 2;
  for (int64_t y = std::max<int64_t>(0, -top); y < height && y + top < image.height; ++y) {
    for (int64_t x = std::max<int64_t>(0, -left); x < width && x + left < image.width; ++x) {
      std::copy_n(image.at(y + top, x + left), image.channels, result.at(y, x));
    }
  }
  return result;
}

int64_t scaled(int64_t size, double factor) {
  return std::max<int64_t>(1, std::lround(static_cast<double>(size) * factor));
}

}  // namespace

Image blank_image(int64_t height, int64_t width, int64_t channels) {
  return {height, width, channels, std::vector<uint8_t>(height * width * channels)};
}

Image oriented(Image image, int orientation) {
  if (orientation < 2 || orientation > 8) return image;
  const bool turned = orientation >= 5;  // height and width change places
  Image result = turned ? blank_image(image.width, image.height, image.channels)
                        : blank_image(image.height, image.width, image.channels);
  const bool from_bottom =
      orientation == 3 || orientation == 4 || orientation == 7 || orientation == 8;
  const bool from_right =
      orientation == 2 || orientation == 3 || orientation == 6 || orientation == 7;
  for (int64_t y = 0; y < result.height; ++y) {
    for (int64_t x = 0; x < result.width; ++x) {
      // The first row and column of the stored picture are an edge of the shown one.
      const int64_t v = from_bottom ? result.height - 1 - y : y;
      const int64_t u = from_right ? result.width - 1 - x : x;
      std::copy_n(turned ? image.at(u, v) : image.at(v, u), image.channels, result.at(y, x));
    }
  }
  return result;
}

Image with_channels(const Image& image, int64_t channels) {
  if (image.channels == channels) return image;
  Image result = blank_image(image.height, image.width, channels);
  const int64_t count = image.height * image.width;
  for (int64_t i = 0; i < count; ++i) {
    const Color color = color_of(&image.pixels[i * image.channels], image.channels);
    write_color(channels == 4 ? color : without_alpha(color), &result.pixels[i * channels],
                channels);
  }
  return result;
}

bool is_gray(const Image& image) {
  for (size_t i = 0; i < image.pixels.size(); i += image.channels) {
    const Color color = color_of(&image.pixels[i], image.channels);
    if (color.red != color.green || color.green != color.blue || color.alpha != 255) return false;
  }
  return true;
}

Image resized(const Image& image, int64_t height, int64_t width) {
  if (height == image.height && width == image.width) return image;
  return resized_columns(resized_rows(image, height), width);
}

ImageFit fit_from_name(const std::string& name) {
  if (name == "crop") return ImageFit::crop;
  if (name == "pad") return ImageFit::pad;
  if (name == "stretch") return ImageFit::stretch;
  throw Error(ErrorCode::usage, fmt::format("There is no way \"{}\" to fit a picture.{}", name,
                                            did_you_mean(name, {"crop", "pad", "stretch"})));
}

Image fitted(const Image& image, int64_t height, int64_t width, ImageFit fit) {
  if (fit == ImageFit::stretch) return resized(image, height, width);
  const double vertical = static_cast<double>(height) / static_cast<double>(image.height);
  const double horizontal = static_cast<double>(width) / static_cast<double>(image.width);
  const double factor =
      fit == ImageFit::crop ? std::max(vertical, horizontal) : std::min(vertical, horizontal);
  if (fit == ImageFit::crop) {
    const int64_t h = std::min(image.height, scaled(height, 1 / factor));
    const int64_t w = std::min(image.width, scaled(width, 1 / factor));
    return resized(centered(image, h, w), height, width);
  }
  const int64_t h = std::min(height, scaled(image.height, factor));
  const int64_t w = std::min(width, scaled(image.width, factor));
  return centered(resized(image, h, w), height, width);
}

}  // namespace sinapse
