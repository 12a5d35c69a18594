// Charts of series along two axes.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "figures/drawing.h"
#include "figures/scale.h"
#include "figures/words.h"

namespace sinapse {

/// Points with x and y; those that are not finite are left out and break lines.
struct Series {
  enum class Style : uint8_t { line, dashed, steps, dots, bars };

  std::string name;  // empty: not in the legend
  std::vector<double> x, y;
  Style style = Style::line;
  std::vector<double> low, high;  // a band around y, or empty
  std::optional<Paint> paint;     // otherwise the next of the series' colours
};

struct Chart {
  std::string title, x_label, y_label;
  std::vector<Series> series;
  std::optional<Range> x_range, y_range;  // otherwise what holds all points
  bool logarithmic_x = false, logarithmic_y = false;
  bool cross = false;    // lines at x = 0 and y = 0
  bool whole_x = false;  // x counts something
  bool dates = false;    // x is seconds since 1970
  /// Names along the x axis at 0, 1, 2, ... instead of numbers.
  std::vector<std::string> x_names;
  std::optional<Raster> background;  // behind everything; its corner and size are not read
  Words words;                       // how numbers along the axes are written
};

struct Size {
  double width = 640, height = 400;
};

Drawing draw(const Chart& chart, Size size = {});

/// Bars from left to right, longest names first shortened: one bar a name.
struct Bars {
  std::string title, x_label;
  std::vector<std::string> names;
  std::vector<double> values;
  std::vector<double> low, high;  // whiskers, or empty
};

Drawing draw(const Bars& bars, double width = 640);

}  // namespace sinapse
