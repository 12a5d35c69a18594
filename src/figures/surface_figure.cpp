#include "figures/surface_figure.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "figures/theme.h"

namespace sinapse {

namespace {

constexpr size_t kMostDots = 2000;
constexpr double kPale = 0.45;  // of the colours under the dots

Colour pale(size_t series, double share) {
  const Colour full = colour_of(Paint::series(static_cast<int>(series)), Theme::light);
  const auto mix = [&](uint8_t channel) {
    return static_cast<uint8_t>(std::lround(255 + (channel - 255) * kPale * share));
  };
  return {mix(full.red), mix(full.green), mix(full.blue)};
}

// Of a row of probabilities: the most probable class, white where it is no better than chance.
Colour class_colour(const double* values, size_t outputs) {
  if (outputs == 1) return pale(values[0] > 0.5 ? 1 : 0, std::abs(2 * values[0] - 1));
  const size_t best = static_cast<size_t>(std::max_element(values, values + outputs) - values);
  const double chance = 1.0 / static_cast<double>(outputs);
  return pale(best, (values[best] - chance) / (1 - chance));
}

Raster raster_of(const DecisionSurface& surface, double low, double high) {
  const size_t outputs = surface.outputs.size(), width = surface.x.size(),
               height = surface.y.size();
  Raster raster{
      .rows = static_cast<int64_t>(height), .columns = static_cast<int64_t>(width), .colours = {}};
  for (size_t row = height; row-- > 0;)  // y grows upwards
    for (size_t column = 0; column < width; ++column) {
      const double* values = surface.values.data() + (row * width + column) * outputs;
      raster.colours.push_back(
          surface.classes.empty()
              ? diverging_colour(high > low ? (values[0] - low) / (high - low) : 0)
              : class_colour(values, outputs));
    }
  return raster;
}

Series dots_of(const DecisionSurface& surface, int32_t label, const std::string& name) {
  Series series{.name = name,
                .x = {},
                .y = {},
                .style = Series::Style::dots,
                .low = {},
                .high = {},
                .paint = Paint::series(label)};
  const size_t every = std::max<size_t>(1, surface.row_x.size() / kMostDots);
  for (size_t row = 0; row < surface.row_x.size(); row += every) {
    if (surface.labels[row] != label) continue;
    series.x.push_back(surface.row_x[row]);
    series.y.push_back(surface.row_y[row]);
  }
  return series;
}

}  // namespace

Chart surface_chart(const DecisionSurface& surface, Words words) {
  Chart chart{.title = words("Predictions by {} and {}", surface.x_column, surface.y_column),
              .x_label = surface.x_column,
              .y_label = surface.y_column,
              .series = {},
              .x_range = Range{surface.x.front(), surface.x.back()},
              .y_range = Range{surface.y.front(), surface.y.back()},
              .words = words};
  const auto [low, high] = std::minmax_element(surface.values.begin(), surface.values.end());
  chart.background = raster_of(surface, *low, *high);
  if (surface.classes.empty()) {
    chart.title = words("{}: from {} (white) to {} (blue)", surface.outputs[0],
                        words.number(readable(*low)), words.number(readable(*high)));
    return chart;
  }
  for (size_t c = 0; c < surface.classes.size(); ++c)
    chart.series.push_back(dots_of(surface, static_cast<int32_t>(c), surface.classes[c]));
  return chart;
}

}  // namespace sinapse
