#include "figures/filter_figure.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include <sinapse/error.h>

#include "data/nearest.h"
#include "figures/layout.h"
#include "figures/scale.h"
#include "figures/tiles.h"
#include "network/network.h"

namespace sinapse {

namespace {

constexpr double kGap = 6, kTileGap = 3, kNumbers = 28;
constexpr int64_t kMostRows = 16, kMostChannels = 16;

// Whether a layer looks at the pixels of pictures in colour.
bool sees_colours(const TrainedNetwork& trained, const NetworkGraph& network,
                  const std::string& layer) {
  const std::vector<InputDescription> inputs = input_descriptions(trained);
  if (!trained.pixels || trained.pixels->type != ElementType::uint8) return false;
  return std::any_of(network.layers.begin(), network.layers.end(), [&](const LayerSummary& one) {
    return one.name == layer && one.inputs == std::vector<std::string>{inputs[0].name};
  });
}

}  // namespace

Filters filters_of(const TrainedNetwork& trained, const std::string& layer) {
  const NetworkGraph network = build_network(trained.network, input_descriptions(trained), false);
  std::vector<std::string> names;
  for (const ParameterInfo& parameter : network.parameters) {
    const Shape& shape = parameter.shape;
    const bool windows = shape.size() == 3 || shape.size() == 4;
    if (!windows || !parameter.name.ends_with(".weight")) continue;
    names.push_back(parameter.name.substr(0, parameter.name.size() - 7));
    if (!layer.empty() && names.back() != layer) continue;
    return {.layer = names.back(),
            .filters = shape[0],
            .channels = shape[1],
            .height = shape.size() == 4 ? shape[2] : 1,
            .width = shape.back(),
            .values = trained.weights.at(parameter.name),
            .of_colours =
                shape.size() == 4 && shape[1] == 3 && sees_colours(trained, network, names.back())};
  }
  throw Error(ErrorCode::usage, names.empty()
                                    ? "The network has no convolution over one or two axes."
                                    : fmt::format("No convolution is named \"{}\".{}", layer,
                                                  did_you_mean(layer, names)));
}

namespace {

/// How filters stand in rows, each of them a few tiles side by side.
struct Grid {
  int64_t tiles = 1, per_row = 1, rows = 0, shown = 0;  // of a filter; filters; filters in all
  double tile_width = 0, tile_height = 0, numbers = 0;  // room for the filter's number

  double filter_width() const {
    return numbers + static_cast<double>(tiles) * (tile_width + kTileGap) + 2 * kGap;
  }
};

Grid grid_for(const Filters& filters, double width) {
  Grid grid{.tiles = filters.of_colours ? 1 : std::min(filters.channels, kMostChannels)};
  grid.numbers = grid.tiles > 1 ? kNumbers : 0;
  const double room = width - 2 * kMargin;
  grid.tile_width =
      std::clamp((room - grid.numbers - 2 * kGap) / static_cast<double>(grid.tiles) - kTileGap,
                 10.0, grid.tiles > 1 ? 36.0 : 60.0);
  grid.tile_height = std::clamp(
      grid.tile_width * static_cast<double>(filters.height) / static_cast<double>(filters.width),
      10.0, 2 * grid.tile_width);
  grid.per_row = std::max<int64_t>(1, static_cast<int64_t>((room + kGap) / grid.filter_width()));
  grid.shown = std::min(filters.filters, grid.per_row * kMostRows);
  grid.rows = (grid.shown + grid.per_row - 1) / grid.per_row;
  return grid;
}

// A filter over red, green and blue: gray is 0, and what it looks for has its own colour.
Raster colours_of(const Filters& filters, int64_t filter, double largest) {
  Raster raster{.rows = filters.height, .columns = filters.width, .colours = {}};
  const auto shade = [&](int64_t channel, size_t i) {
    const double share = largest > 0 ? double{filters.tile(filter, channel)[i]} / largest : 0;
    return static_cast<uint8_t>(std::lround(127.5 + 127.5 * std::clamp(share, -1.0, 1.0)));
  };
  for (size_t i = 0; i < static_cast<size_t>(filters.height * filters.width); ++i)
    raster.colours.push_back({shade(0, i), shade(1, i), shade(2, i)});
  return raster;
}

std::string filters_title(const Filters& filters, Words words) {
  return words("Filters of {}: {} of {} x {} over {}", filters.layer, filters.filters,
               filters.height, filters.width,
               words.count(filters.channels, "{} channel", "{} channels"));
}

std::string filters_legend(const Filters& filters, const Grid& grid, double largest, Words words) {
  const std::string low = words.number(readable(-largest)), high = words.number(readable(largest));
  std::string legend =
      filters.of_colours
          ? words("red, green and blue, each from {} (dark) over 0 (gray) to {}", low, high)
          : words("from {} (vermilion) over 0 to {} (blue)", low, high);
  if (grid.shown < filters.filters) legend = words("the first {}", grid.shown) + "; " + legend;
  if (!filters.of_colours && grid.tiles < filters.channels)
    legend = words("{} of {} channels", grid.tiles, filters.channels) + "; " + legend;
  return legend;
}

void add_filter(Drawing& drawing, const Filters& filters, const Grid& grid, int64_t filter,
                Point corner, double largest) {
  if (grid.numbers > 0)
    drawing.text({corner.x + grid.numbers - kGap, corner.y + grid.tile_height / 2 + 4},
                 fmt::format("{}", filter + 1), kFont, Anchor::end, Ink::muted);
  for (int64_t tile = 0; tile < grid.tiles; ++tile) {
    const double x =
        corner.x + grid.numbers + static_cast<double>(tile) * (grid.tile_width + kTileGap);
    add_tile(drawing,
             filters.of_colours ? colours_of(filters, filter, largest)
                                : signed_raster(filters.tile(filter, tile), filters.height,
                                                filters.width, largest),
             {x, corner.y}, grid.tile_width, grid.tile_height);
  }
}

}  // namespace

Drawing filter_figure(const Filters& filters, double width, Words words) {
  const Grid grid = grid_for(filters, width);
  const double top = kUnderTitle, row_height = grid.tile_height + kGap;
  const double largest = largest_of(filters.values);
  Drawing drawing{.width = width,
                  .height = top + static_cast<double>(grid.rows) * row_height + 24 + kMargin,
                  .title = filters_title(filters, words),
                  .shapes = {}};
  add_title(drawing, drawing.title);
  for (int64_t filter = 0; filter < grid.shown; ++filter) {
    const Point corner{kMargin + static_cast<double>(filter % grid.per_row) * grid.filter_width(),
                       top + static_cast<double>(filter / grid.per_row) * row_height};
    add_filter(drawing, filters, grid, filter, corner, largest);
  }
  add_caption(drawing, filters_legend(filters, grid, largest, words));
  return drawing;
}

}  // namespace sinapse
