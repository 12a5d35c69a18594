#include "figures/row_figure.h"

#include <algorithm>

#include <fmt/format.h>

#include "figures/layout.h"
#include "figures/tiles.h"

namespace sinapse {

namespace {

constexpr double kGap = 6, kMostNames = 180, kStrip = 22, kTile = 40;
constexpr int64_t kMostTiles = 8;

/// How the values of a layer are laid out: `tiles` of [rows, columns].
struct Layout {
  int64_t tiles = 1, rows = 1, columns = 1;
  bool pictures = false;
};

Layout layout_of(const Shape& shape) {
  if (shape.size() == 3) return {std::min(shape[0], kMostTiles), shape[1], shape[2], true};
  if (shape.size() == 2 && shape[0] > 1) return {1, shape[0], shape[1], true};
  return {1, 1, row_size(batched(shape))};
}

double height_of(const LayerActivation& layer) {
  const Layout layout = layout_of(layer.shape);
  if (!layout.pictures) return kStrip;
  const double ratio = static_cast<double>(layout.rows) / static_cast<double>(layout.columns);
  return std::clamp(kTile * ratio, kStrip, 2 * kTile);
}

// Room for the names and shapes of the layers.
double names_of(const std::vector<LayerActivation>& layers) {
  double widest = 0;
  for (const LayerActivation& layer : layers)
    widest = std::max(
        {widest, text_width(layer.layer, kFont), text_width(to_string(layer.shape), kFont - 2)});
  return std::min(widest + 16, kMostNames);
}

void add_layer(Drawing& drawing, const LayerActivation& layer, double y, double height,
               double names, Words words) {
  const Layout layout = layout_of(layer.shape);
  const double largest = largest_of(layer.values);
  const auto [low, high] = std::minmax_element(layer.values.begin(), layer.values.end());
  const double middle = y + height / 2;
  const auto number = [&](double value) { return words.number(fmt::format("{:.3g}", value)); };
  drawing.text({kMargin, middle - 1}, shortened(layer.layer, kFont, names - 8), kFont);
  std::string sizes = to_string(layer.shape);
  drawing.text({kMargin, middle + 12}, shortened(sizes, kFont - 2, names - 8), kFont - 2,
               Anchor::start, Ink::muted);
  const double left = kMargin + names, right = drawing.width - kMargin - 110;
  const auto size = static_cast<size_t>(layout.rows * layout.columns);
  for (int64_t t = 0; t < layout.tiles; ++t) {
    const double width =
        layout.pictures && layout.tiles > 1
            ? std::min(kTile, (right - left) / static_cast<double>(kMostTiles) - kGap)
        : layout.pictures ? std::min(right - left, height * static_cast<double>(layout.columns) /
                                                       static_cast<double>(layout.rows))
                          : std::min(right - left, 24 * static_cast<double>(layout.columns));
    add_tile(drawing,
             signed_raster(std::span(layer.values).subspan(static_cast<size_t>(t) * size, size),
                           layout.rows, layout.columns, largest),
             {left + static_cast<double>(t) * (width + kGap), y}, width, height);
  }
  drawing.text({drawing.width - kMargin, middle + 4},
               *low == *high ? number(*low) : words("{} to {}", number(*low), number(*high)), kFont,
               Anchor::end, Ink::muted);
}

}  // namespace

Drawing activation_figure(const std::vector<LayerActivation>& layers, const std::string& title,
                          double width, Words words) {
  double height = kUnderTitle;
  for (const LayerActivation& layer : layers) height += height_of(layer) + 14;
  Drawing drawing{.width = width, .height = height + 22 + kMargin, .title = title, .shapes = {}};
  add_title(drawing, title);
  double y = kUnderTitle;
  const double names = names_of(layers);
  for (const LayerActivation& layer : layers) {
    add_layer(drawing, layer, y, height_of(layer), names, words);
    y += height_of(layer) + 14;
  }
  add_caption(
      drawing,
      words(
          "of each layer: vermilion below 0, white 0, blue above; of pictures the first channels"));
  return drawing;
}

}  // namespace sinapse
