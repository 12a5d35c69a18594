#include "explain/picture_maps.h"

#include <algorithm>

#include <fmt/format.h>

#include <sinapse/error.h>

namespace sinapse {

Picture picture_of(const TrainedNetwork& trained) {
  if (!trained.pixels)
    throw Error(ErrorCode::usage, "attention maps are of pictures, but the model takes a table.");
  const Shape shape = trained.pixels->network_shape();
  if (shape.size() == 2) return {1, shape[0], shape[1]};
  if (shape.size() == 3 && trained.pixels->channels != Channels::none)
    return {shape[0], shape[1], shape[2]};
  throw Error(ErrorCode::usage,
              fmt::format("attention maps are of pictures, but the model's samples are {}.",
                          to_string(shape)));
}

AttentionMap brightness(std::span<const double> point, const Picture& picture,
                        const ArrayFeatures& pixels) {
  std::vector<double> original(point.begin(), point.end());
  for (size_t i = 0; i < original.size(); ++i) {
    const size_t channel = pixels.mean.size() == 1 ? 0 : i / static_cast<size_t>(picture.places());
    original[i] = original[i] / double{pixels.scale[channel]} + double{pixels.mean[channel]};
  }
  const auto [low, high] = std::minmax_element(original.begin(), original.end());
  const bool bytes = pixels.type == ElementType::uint8;
  const double from = bytes ? 0 : *low, to = bytes ? 255 : std::max(*high, *low + 1e-30);
  const double channels = static_cast<double>(picture.channels);
  return over_channels(original, picture, [=](double sum, double x) {
    return sum + std::clamp((x - from) / (to - from), 0.0, 1.0) / channels;
  });
}

namespace {

double sample_at(const std::vector<double>& values, int64_t height, int64_t width, double y,
                 double x) {
  y = std::clamp(y, 0.0, static_cast<double>(height - 1));
  x = std::clamp(x, 0.0, static_cast<double>(width - 1));
  const auto y0 = static_cast<int64_t>(y), x0 = static_cast<int64_t>(x);
  const int64_t y1 = std::min(y0 + 1, height - 1), x1 = std::min(x0 + 1, width - 1);
  const double v = y - static_cast<double>(y0), u = x - static_cast<double>(x0);
  const auto at = [&](int64_t row, int64_t column) { return values[row * width + column]; };
  return (1 - v) * ((1 - u) * at(y0, x0) + u * at(y0, x1)) +
         v * ((1 - u) * at(y1, x0) + u * at(y1, x1));
}

}  // namespace

AttentionMap stretched(const std::vector<double>& values, int64_t height, int64_t width,
                       const Picture& picture) {
  AttentionMap map{picture.height, picture.width, {}};
  const double down = static_cast<double>(height) / static_cast<double>(picture.height);
  const double across = static_cast<double>(width) / static_cast<double>(picture.width);
  for (int64_t y = 0; y < picture.height; ++y)
    for (int64_t x = 0; x < picture.width; ++x)
      map.values.push_back(sample_at(values, height, width,
                                     (static_cast<double>(y) + 0.5) * down - 0.5,
                                     (static_cast<double>(x) + 0.5) * across - 0.5));
  return map;
}

}  // namespace sinapse
