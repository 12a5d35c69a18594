// A drawing in a terminal: lines as Unicode braille dots, words as words.
#pragma once

#include <string>

#include "figures/drawing.h"

namespace sinapse {

/// How many pixels of a drawing one character covers: a drawing of columns * 8 by lines * 16 fills
/// so many columns and lines.
inline constexpr int kCellWidth = 8, kCellHeight = 16;

/// Lines of text, each ended by a line feed. `colours`: with ANSI escape sequences.
std::string to_terminal(const Drawing& drawing, bool colours);

}  // namespace sinapse
