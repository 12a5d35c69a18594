// What figures that are no charts have in common: sizes, a title above, a caption below.
#pragma once

#include <string>

#include "figures/drawing.h"

namespace sinapse {

inline constexpr double kFont = 12, kTitle = 15, kMargin = 14;  // pixels
inline constexpr double kUnderTitle = kMargin + kTitle + 12;    // where what follows begins

/// Draws a title in the upper left corner, shortened to the width of the drawing.
void add_title(Drawing& drawing, const std::string& title);

/// Draws a muted line in the lower left corner.
void add_caption(Drawing& drawing, const std::string& text);

}  // namespace sinapse
