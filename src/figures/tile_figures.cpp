#include "figures/tile_figures.h"

#include <algorithm>
#include <cmath>
#include <span>

#include <fmt/format.h>

#include <sinapse/error.h>

#include "data/nearest.h"
#include "figures/scale.h"
#include "figures/theme.h"
#include "network/network.h"

namespace sinapse {

namespace {

constexpr double kFont = 12, kTitle = 15, kMargin = 14, kGap = 6;
constexpr int64_t kMostFilters = 24, kMostChannels = 16;

double largest_of(std::span<const float> values) {
  double largest = 0;
  for (const float value : values)
    if (std::isfinite(value)) largest = std::max(largest, std::abs(double{value}));
  return largest;
}

Raster raster_of(std::span<const float> values, int64_t rows, int64_t columns, double largest) {
  Raster raster{.rows = rows, .columns = columns, .colours = {}};
  for (const float value : values)
    raster.colours.push_back(diverging_colour(largest > 0 ? double{value} / largest : 0));
  return raster;
}

void add_raster(Drawing& drawing, Raster raster, Point corner, double width, double height) {
  raster.corner = corner;
  raster.width = width;
  raster.height = height;
  drawing.add(std::move(raster));
  drawing.box(corner, width, height, {}, Ink::grid);
}

void add_title(Drawing& drawing) {
  drawing.add(Text{.at = {kMargin, kMargin + kTitle - 3},
                   .text = shortened(drawing.title, kTitle, drawing.width - 2 * kMargin),
                   .size = kTitle,
                   .bold = true});
}

void add_legend(Drawing& drawing, const std::string& text) {
  drawing.text({kMargin, drawing.height - kMargin},
               shortened(text, kFont, drawing.width - 2 * kMargin), kFont, Anchor::start,
               Ink::muted);
}

/// The weights of a convolution, [filters, channels, height, width].
struct Filters {
  std::string layer;
  int64_t filters = 0, channels = 0, height = 1, width = 0;
  std::span<const float> values;

  std::span<const float> tile(int64_t filter, int64_t channel) const {
    return values.subspan(static_cast<size_t>((filter * channels + channel) * height * width),
                          static_cast<size_t>(height * width));
  }
};

Filters find_filters(const TrainedNetwork& trained, const std::string& layer) {
  const NetworkGraph network = build_network(trained.network, input_descriptions(trained), false);
  std::vector<std::string> names;
  for (const ParameterInfo& parameter : network.parameters) {
    const Shape& shape = parameter.shape;
    const bool windows = shape.size() == 3 || shape.size() == 4;
    if (!windows || !parameter.name.ends_with(".weight")) continue;
    names.push_back(parameter.name.substr(0, parameter.name.size() - 7));
    if (!layer.empty() && names.back() != layer) continue;
    return {names.back(), shape[0],
            shape[1],     shape.size() == 4 ? shape[2] : 1,
            shape.back(), trained.weights.at(parameter.name)};
  }
  throw Error(ErrorCode::usage, names.empty()
                                    ? "The network has no convolution over one or two axes."
                                    : fmt::format("No convolution is named \"{}\".{}", layer,
                                                  did_you_mean(layer, names)));
}

/// How tiles stand in rows.
struct Grid {
  int64_t rows = 0, columns = 0;
  double width = 0, height = 0;  // of a tile
};

Grid grid_for(const Filters& filters, double width) {
  Grid grid;
  const int64_t shown = std::min(filters.filters, kMostFilters);
  const bool rows_of_channels = filters.channels > 1;
  grid.columns =
      rows_of_channels ? std::min(filters.channels, kMostChannels) : std::min<int64_t>(shown, 8);
  grid.rows = rows_of_channels ? shown : (shown + grid.columns - 1) / grid.columns;
  const double room = (width - 2 * kMargin - 24) / static_cast<double>(grid.columns) - kGap;
  grid.width = std::clamp(room, 10.0, rows_of_channels ? 40.0 : 64.0);
  grid.height = std::clamp(
      grid.width * static_cast<double>(filters.height) / static_cast<double>(filters.width), 8.0,
      2 * grid.width);
  return grid;
}

std::string filters_title(const Filters& filters) {
  return fmt::format("Filters of {}: {} of {} x {} over {} {}", filters.layer, filters.filters,
                     filters.height, filters.width, filters.channels,
                     filters.channels == 1 ? "channel" : "channels");
}

}  // namespace

Drawing filter_figure(const TrainedNetwork& trained, const std::string& layer, double width) {
  const Filters filters = find_filters(trained, layer);
  const Grid grid = grid_for(filters, width);
  const double top = kMargin + kTitle + 12, largest = largest_of(filters.values);
  Drawing drawing{
      .width = width,
      .height = top + static_cast<double>(grid.rows) * (grid.height + kGap) + 24 + kMargin,
      .title = filters_title(filters),
      .shapes = {}};
  add_title(drawing);
  const int64_t shown = std::min(filters.filters, kMostFilters);
  for (int64_t i = 0; i < grid.rows * grid.columns; ++i) {
    const int64_t row = i / grid.columns, column = i % grid.columns;
    const bool rows_of_channels = filters.channels > 1;
    const int64_t filter = rows_of_channels ? row : i;
    if (filter >= shown) break;
    const double y = top + static_cast<double>(row) * (grid.height + kGap);
    if (rows_of_channels && column == 0)
      drawing.text({kMargin + 18, y + grid.height / 2 + 4}, fmt::format("{}", filter + 1), kFont,
                   Anchor::end, Ink::muted);
    const double left = kMargin + (rows_of_channels ? 24 : 0);
    add_raster(drawing,
               raster_of(filters.tile(filter, rows_of_channels ? column : 0), filters.height,
                         filters.width, largest),
               {left + static_cast<double>(column) * (grid.width + kGap), y}, grid.width,
               grid.height);
  }
  std::string legend =
      fmt::format("from {} (vermilion) over 0 to {} (blue)", readable(-largest), readable(largest));
  if (filters.channels > 1)
    legend = fmt::format("a row each of the first {} filters, {} channels; ", shown, grid.columns) +
             legend;
  else if (shown < filters.filters)
    legend = fmt::format("the first {}; ", shown) + legend;
  add_legend(drawing, legend);
  return drawing;
}

namespace {

constexpr double kNames = 130, kStrip = 22, kTile = 40;
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

void add_layer(Drawing& drawing, const LayerActivation& layer, double y, double height) {
  const Layout layout = layout_of(layer.shape);
  const double largest = largest_of(layer.values);
  const auto [low, high] = std::minmax_element(layer.values.begin(), layer.values.end());
  const double middle = y + height / 2;
  drawing.text({kMargin, middle - 1}, shortened(layer.layer, kFont, kNames - 8), kFont);
  std::string sizes = to_string(layer.shape);
  drawing.text({kMargin, middle + 12}, shortened(sizes, kFont - 2, kNames - 8), kFont - 2,
               Anchor::start, Ink::muted);
  const double left = kMargin + kNames, right = drawing.width - kMargin - 110;
  const auto size = static_cast<size_t>(layout.rows * layout.columns);
  for (int64_t t = 0; t < layout.tiles; ++t) {
    const double width =
        layout.pictures && layout.tiles > 1
            ? std::min(kTile, (right - left) / static_cast<double>(kMostTiles) - kGap)
        : layout.pictures ? std::min(right - left, height * static_cast<double>(layout.columns) /
                                                       static_cast<double>(layout.rows))
                          : std::min(right - left, 24 * static_cast<double>(layout.columns));
    add_raster(drawing,
               raster_of(std::span(layer.values).subspan(static_cast<size_t>(t) * size, size),
                         layout.rows, layout.columns, largest),
               {left + static_cast<double>(t) * (width + kGap), y}, width, height);
  }
  drawing.text(
      {drawing.width - kMargin, middle + 4},
      *low == *high ? fmt::format("{:.3g}", *low) : fmt::format("{:.3g} to {:.3g}", *low, *high),
      kFont, Anchor::end, Ink::muted);
}

}  // namespace

Drawing activation_figure(const std::vector<LayerActivation>& layers, const std::string& title,
                          double width) {
  double height = kMargin + kTitle + 12;
  for (const LayerActivation& layer : layers) height += height_of(layer) + 14;
  Drawing drawing{.width = width, .height = height + 22 + kMargin, .title = title, .shapes = {}};
  add_title(drawing);
  double y = kMargin + kTitle + 12;
  for (const LayerActivation& layer : layers) {
    add_layer(drawing, layer, y, height_of(layer));
    y += height_of(layer) + 14;
  }
  add_legend(drawing,
             "of each layer: vermilion below 0, white 0, blue above; of pictures the first "
             "channels");
  return drawing;
}

}  // namespace sinapse
