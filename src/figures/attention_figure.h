// Maps of a picture over the picture.
#pragma once

#include <string>

#include <sinapse/attention.h>

#include "figures/drawing.h"

namespace sinapse {

/// The picture and its maps side by side: vermilion where much, blue where an amount is negative.
Drawing attention_figure(const AttentionMaps& maps, const std::string& title);

}  // namespace sinapse
