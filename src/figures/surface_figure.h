// Predictions over the plane of two columns.
#pragma once

#include "explain/decision_surface.h"
#include "figures/chart.h"

namespace sinapse {

/// Classes have their colours, the stronger the surer the model is, and the rows lie over them as
/// dots; numbers are shades of blue.
Chart surface_chart(const DecisionSurface& surface, Words words = {});

}  // namespace sinapse
