// What surrounds the series of a chart: title, legend, axes.
#pragma once

#include <vector>

#include "figures/chart.h"

namespace sinapse {

/// The rectangle between the axes.
struct PlotArea {
  double left = 0, right = 0, top = 0, bottom = 0;
};

/// The axes that suit a chart.
struct ChartFrame {
  PlotArea area;
  Scale x, y;
};

/// Whether a point has a place on the chart's axes.
bool can_show(const Chart& chart, double x, double y);

/// The paint of the series with that number.
Paint paint_of(const Chart& chart, size_t series);

/// Draws title, legend, background and axes, and says where the series go.
ChartFrame draw_frame(const Chart& chart, Drawing& drawing);

}  // namespace sinapse
