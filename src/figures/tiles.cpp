#include "figures/tiles.h"

#include <algorithm>
#include <cmath>

#include "figures/theme.h"

namespace sinapse {

double largest_of(std::span<const float> values) {
  double largest = 0;
  for (const float value : values)
    if (std::isfinite(value)) largest = std::max(largest, std::abs(double{value}));
  return largest;
}

Raster signed_raster(std::span<const float> values, int64_t rows, int64_t columns, double largest) {
  Raster raster{.rows = rows, .columns = columns, .colours = {}};
  for (const float value : values)
    raster.colours.push_back(diverging_colour(largest > 0 ? double{value} / largest : 0));
  return raster;
}

void add_tile(Drawing& drawing, Raster raster, Point corner, double width, double height) {
  raster.corner = corner;
  raster.width = width;
  raster.height = height;
  drawing.add(std::move(raster));
  drawing.box(corner, width, height, {}, Ink::grid);
}

}  // namespace sinapse
