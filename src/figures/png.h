// A drawing, or a raster of colours, as PNG; by Cairo.
#pragma once

#include <string>
#include <string_view>

#include "figures/drawing.h"
#include "figures/theme.h"

namespace sinapse {

/// The drawing at `scale` pixels of the file for one of the drawing. Throws Error(file) if Cairo
/// cannot make it, as when it is too large.
std::string to_png(const Drawing& drawing, Theme theme = Theme::light, double scale = 2);

/// One pixel for each of the raster's colours.
std::string png_of(const Raster& raster);

/// The bytes in RFC 4648's base 64.
std::string base64(std::string_view bytes);

}  // namespace sinapse
