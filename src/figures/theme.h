// Colours of inks on light and dark pages.
#pragma once

#include <string>

#include "figures/drawing.h"

namespace sinapse {

enum class Theme : uint8_t { light, dark };

inline constexpr int kSeriesColours = 8;

/// The colour of a paint. Series beyond the eighth start again. The series' colours are those of
/// Okabe and Ito (2008), which most colour-blind people can tell apart, lightened on dark pages;
/// yellow gives way to brown, which is legible on white.
Colour colour_of(const Paint& paint, Theme theme);

/// "#0072b2"
std::string hexadecimal(Colour colour);

/// A colour from the second series' (-1) over white (0) to the first series' (1).
Colour diverging_colour(double value);

}  // namespace sinapse
