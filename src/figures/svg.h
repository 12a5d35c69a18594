// A drawing as SVG.
#pragma once

#include <string>

#include "figures/drawing.h"
#include "figures/theme.h"

namespace sinapse {

/// A whole SVG file: one <svg> element with its own style sheet. Words stay words.
std::string to_svg(const Drawing& drawing, Theme theme = Theme::light);

/// The same for a page that has ink_style_sheet(): without a style sheet of its own.
std::string to_inline_svg(const Drawing& drawing);

/// The classes that drawings on a page use: light, and dark where the reader prefers that.
std::string ink_style_sheet();

/// The text with <, >, & and " written as entities; control characters become spaces.
std::string escape_xml(std::string_view text);

}  // namespace sinapse
