// Numbers as rectangles of colours.
#pragma once

#include <span>

#include "figures/drawing.h"

namespace sinapse {

/// The largest absolute value of those that are finite; 0 of none.
double largest_of(std::span<const float> values);

/// Vermilion below 0, white at 0, blue above, of [rows, columns] values; `largest` has the full
/// colour.
Raster signed_raster(std::span<const float> values, int64_t rows, int64_t columns, double largest);

/// Places the raster in a box with a thin frame.
void add_tile(Drawing& drawing, Raster raster, Point corner, double width, double height);

}  // namespace sinapse
