#include "figures/chart_frame.h"

#include <algorithm>
#include <cmath>

#include "figures/date_ticks.h"
#include "figures/layout.h"

namespace sinapse {

namespace {

constexpr double kLegendLine = 18, kLegendGap = 46;

struct Entry {
  std::string name;
  Paint paint;
  bool dashed = false;
};
using LegendRows = std::vector<std::vector<Entry>>;

double entry_width(const Entry& entry) {
  return text_width(entry.name, kFont) + kLegendGap;
}

LegendRows legend_of(const Chart& chart, double width) {
  LegendRows rows;
  double used = width + 1;
  for (size_t i = 0; i < chart.series.size(); ++i) {
    const Series& series = chart.series[i];
    if (series.name.empty()) continue;
    const Entry entry{shortened(series.name, kFont, width - kLegendGap), paint_of(chart, i),
                      series.style == Series::Style::dashed};
    if (used + entry_width(entry) > width) {
      rows.emplace_back();
      used = 0;
    }
    rows.back().push_back(entry);
    used += entry_width(entry);
  }
  return rows;
}

void draw_head(const Chart& chart, const LegendRows& legend, Drawing& drawing) {
  double y = kMargin + kTitle - 3;
  if (!chart.title.empty()) {
    add_title(drawing, chart.title);
    y += kTitle + 7;
  }
  for (const auto& row : legend) {
    double x = kMargin;
    for (const Entry& entry : row) {
      drawing.line({x, y - 4}, {x + 18, y - 4}, entry.paint, 3, entry.dashed);
      drawing.text({x + 23, y}, entry.name, kFont);
      x += entry_width(entry);
    }
    y += kLegendLine;
  }
}

Range x_range_of(const Chart& chart) {
  if (chart.x_range) return *chart.x_range;
  if (!chart.x_names.empty()) return {-0.5, static_cast<double>(chart.x_names.size()) - 0.5};
  Range range = Range::nothing();
  for (const Series& series : chart.series) {
    for (size_t i = 0; i < series.x.size(); ++i) {
      if (can_show(chart, series.x[i], series.y[i])) range.include(series.x[i]);
    }
  }
  return range;
}

Range y_range_of(const Chart& chart) {
  if (chart.y_range) return *chart.y_range;
  Range range = Range::nothing();
  for (const Series& series : chart.series) {
    for (size_t i = 0; i < series.x.size(); ++i) {
      if (!can_show(chart, series.x[i], series.y[i])) continue;
      range.include(series.y[i]);
      if (!series.low.empty()) range.include(series.low[i]);
      if (!series.high.empty()) range.include(series.high[i]);
    }
    if (series.style == Series::Style::bars) range.include(0);
  }
  return chart.logarithmic_y ? range : rounded(range, 6);
}

int num_y_ticks(const PlotArea& area) {
  return std::max(2, static_cast<int>((area.bottom - area.top) / 45));
}
int num_x_ticks(const PlotArea& area) {
  return std::max(2, static_cast<int>((area.right - area.left) / 70));
}

std::vector<Tick> ticks_of(const Chart& chart, const Scale& scale, int count, bool whole = false) {
  std::vector<Tick> ticks = scale.ticks(count, whole);
  for (Tick& tick : ticks) tick.label = chart.words.number(tick.label);
  return ticks;
}

PlotArea area_of(const Chart& chart, const LegendRows& legend, Range y_range,
                 const Drawing& drawing) {
  PlotArea area;
  area.top = kMargin + (chart.title.empty() ? 0 : kTitle + 10) +
             static_cast<double>(legend.size()) * kLegendLine + 4;
  area.bottom = drawing.height - kMargin - kFont - 6 - (chart.x_label.empty() ? 0 : kFont + 8);
  double widest = 0;
  const Scale y(y_range, area.bottom, area.top, chart.logarithmic_y);
  for (const Tick& tick : ticks_of(chart, y, num_y_ticks(area))) {
    widest = std::max(widest, text_width(tick.label, kFont));
  }
  area.left = kMargin + widest + 8 + (chart.y_label.empty() ? 0 : kFont + 8);
  area.right = drawing.width - kMargin - (chart.dates ? 24 : 10);  // half of the last label
  return area;
}

void draw_y_axis(const Chart& chart, const ChartFrame& frame, Drawing& drawing) {
  const PlotArea& area = frame.area;
  for (const Tick& tick : ticks_of(chart, frame.y, num_y_ticks(area))) {
    const double at = frame.y.place(tick.value);
    if (!chart.background) drawing.line({area.left, at}, {area.right, at}, Ink::grid);
    drawing.text({area.left - 6, at + 4}, tick.label, kFont, Anchor::end, Ink::muted);
  }
  drawing.line({area.left, area.bottom}, {area.left, area.top}, Ink::axis);
  if (chart.y_label.empty()) return;
  drawing.add(Text{.at = {kMargin + 8, (area.top + area.bottom) / 2},
                   .text = chart.y_label,
                   .size = kFont,
                   .anchor = Anchor::middle,
                   .paint = Ink::muted,
                   .upwards = true});
}

void draw_x_names(const Chart& chart, const ChartFrame& frame, Drawing& drawing) {
  const double room =
      (frame.area.right - frame.area.left) / static_cast<double>(chart.x_names.size());
  const auto every = static_cast<size_t>(std::ceil(28 / room));
  for (size_t i = 0; i < chart.x_names.size(); i += every) {
    drawing.text({frame.x.place(static_cast<double>(i)), frame.area.bottom + kFont + 6},
                 shortened(chart.x_names[i], kFont, room * static_cast<double>(every) - 4), kFont,
                 Anchor::middle, Ink::muted);
  }
}

void draw_x_axis(const Chart& chart, const ChartFrame& frame, Drawing& drawing) {
  const PlotArea& area = frame.area;
  if (!chart.x_names.empty()) {
    draw_x_names(chart, frame, drawing);
  } else {
    const auto ticks = chart.dates
                           ? date_ticks(frame.x.range(), std::max(2, 3 * num_x_ticks(area) / 4))
                           : ticks_of(chart, frame.x, num_x_ticks(area), chart.whole_x);
    for (const Tick& tick : ticks) {
      const double at = frame.x.place(tick.value);
      if (!chart.background) drawing.line({at, area.top}, {at, area.bottom}, Ink::grid);
      drawing.text({at, area.bottom + kFont + 6}, tick.label, kFont, Anchor::middle, Ink::muted);
    }
  }
  drawing.line({area.left, area.bottom}, {area.right, area.bottom}, Ink::axis);
  drawing.text({(area.left + area.right) / 2, drawing.height - kMargin + 4}, chart.x_label, kFont,
               Anchor::middle, Ink::muted);
}

bool inside(Range range, double value) {
  return range.low < value && value < range.high;
}

void draw_cross(const ChartFrame& frame, Drawing& drawing) {
  const PlotArea& area = frame.area;
  if (inside(frame.x.range(), 0)) {
    const double at = frame.x.place(0);
    drawing.line({at, area.top}, {at, area.bottom}, Ink::axis);
  }
  if (inside(frame.y.range(), 0)) {
    const double at = frame.y.place(0);
    drawing.line({area.left, at}, {area.right, at}, Ink::axis);
  }
}

void draw_background(const Chart& chart, const PlotArea& area, Drawing& drawing) {
  Raster raster = *chart.background;
  raster.corner = {area.left, area.top};
  raster.width = area.right - area.left;
  raster.height = area.bottom - area.top;
  drawing.add(std::move(raster));
}

}  // namespace

bool can_show(const Chart& chart, double x, double y) {
  return can_place(x) && can_place(y) && (!chart.logarithmic_x || x > 0) &&
         (!chart.logarithmic_y || y > 0) &&
         (!chart.x_range || (x >= chart.x_range->low && x <= chart.x_range->high));
}

Paint paint_of(const Chart& chart, size_t series) {
  return chart.series[series].paint.value_or(Paint::series(static_cast<int>(series)));
}

ChartFrame draw_frame(const Chart& chart, Drawing& drawing) {
  const LegendRows legend = legend_of(chart, drawing.width - 2 * kMargin);
  const Range y_range = y_range_of(chart);
  const PlotArea area = area_of(chart, legend, y_range, drawing);
  const ChartFrame frame{area, Scale(x_range_of(chart), area.left, area.right, chart.logarithmic_x),
                         Scale(y_range, area.bottom, area.top, chart.logarithmic_y)};
  draw_head(chart, legend, drawing);
  if (chart.background) draw_background(chart, area, drawing);
  draw_y_axis(chart, frame, drawing);
  draw_x_axis(chart, frame, drawing);
  if (chart.cross) draw_cross(frame, drawing);
  return frame;
}

}  // namespace sinapse
