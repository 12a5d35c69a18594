#include "figures/attention_figure.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "figures/layout.h"
#include "figures/theme.h"

namespace sinapse {

namespace {

constexpr double kTile = 200;

Colour blend(Colour from, Colour to, double share) {
  const auto mix = [&](uint8_t a, uint8_t b) {
    return static_cast<uint8_t>(std::lround(a + (b - a) * std::clamp(share, 0.0, 1.0)));
  };
  return {mix(from.red, to.red), mix(from.green, to.green), mix(from.blue, to.blue)};
}

Colour gray(double brightness) {
  const auto level = static_cast<uint8_t>(std::lround(255 * std::clamp(brightness, 0.0, 1.0)));
  return {level, level, level};
}

Raster raster_of(const AttentionMap& picture) {
  Raster raster{.rows = picture.height, .columns = picture.width, .colours = {}};
  for (const double brightness : picture.values) raster.colours.push_back(gray(brightness));
  return raster;
}

// A flat picture under the colours, so that they stand out.
Raster overlay(const AttentionMap& picture, const AttentionMap& map) {
  double largest = 0;
  for (const double value : map.values) largest = std::max(largest, std::abs(value));
  const Colour much = colour_of(Paint::series(1), Theme::light);
  const Colour negative = colour_of(Paint::series(0), Theme::light);
  Raster raster{.rows = picture.height, .columns = picture.width, .colours = {}};
  for (size_t i = 0; i < map.values.size(); ++i) {
    const double share = largest > 0 ? map.values[i] / largest : 0;
    raster.colours.push_back(blend(gray(0.25 + 0.5 * picture.values[i]),
                                   share < 0 ? negative : much, std::sqrt(std::abs(share))));
  }
  return raster;
}

void add_named_tile(Drawing& drawing, Raster raster, double x, double y, double width,
                    double height, const std::string& name) {
  raster.corner = {x, y};
  raster.width = width;
  raster.height = height;
  drawing.add(std::move(raster));
  drawing.text({x + width / 2, y + height + kFont + 6}, name, kFont, Anchor::middle, Ink::muted);
}

}  // namespace

Drawing attention_figure(const AttentionMaps& maps, const std::string& title) {
  std::vector<std::pair<std::string, Raster>> tiles;
  tiles.emplace_back("picture", raster_of(maps.picture));
  tiles.emplace_back("saliency", overlay(maps.picture, maps.saliency));
  tiles.emplace_back("integrated gradients", overlay(maps.picture, maps.integrated));
  tiles.emplace_back("occlusion", overlay(maps.picture, maps.occlusion));
  if (!maps.grad_cam.values.empty())
    tiles.emplace_back(fmt::format("Grad-CAM of {}", maps.layer),
                       overlay(maps.picture, maps.grad_cam));
  const double ratio =
      static_cast<double>(maps.picture.height) / static_cast<double>(maps.picture.width);
  const double width = ratio > 1 ? kTile / ratio : kTile;
  const double height = ratio > 1 ? kTile : kTile * ratio;
  const double top = kUnderTitle, step = kTile + kMargin;
  Drawing drawing{.width = kMargin + step * static_cast<double>(tiles.size()),
                  .height = top + height + 2 * kFont + 28 + kMargin,
                  .title = title,
                  .shapes = {}};
  add_title(drawing, title);
  for (size_t i = 0; i < tiles.size(); ++i) {
    const double x = kMargin + step * static_cast<double>(i) + (kTile - width) / 2;
    add_named_tile(drawing, std::move(tiles[i].second), x, top, width, height,
                   shortened(tiles[i].first, kFont, kTile));
  }
  add_caption(drawing, "vermilion speaks for the class, blue against it; saliency: either way");
  return drawing;
}

}  // namespace sinapse
