// The confusion matrix of a class report as a figure.
#pragma once

#include <optional>

#include <sinapse/metric.h>

#include "figures/drawing.h"

namespace sinapse {

/// None without counts, or of so many classes that the matrix could not be read.
std::optional<Drawing> confusion_of(const ClassReport& report, double width = 640);

}  // namespace sinapse
