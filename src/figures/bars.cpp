// Horizontal bars: one a name, from the top.
#include <algorithm>
#include <cmath>

#include "figures/chart.h"
#include "figures/layout.h"

namespace sinapse {

namespace {

constexpr double kLine = 24;

double name_width(const Bars& bars, double width) {
  double widest = 0;
  for (const std::string& name : bars.names) widest = std::max(widest, text_width(name, kFont));
  return std::min(widest, width * 0.35);
}

Range range_of(const Bars& bars) {
  Range range{0, 0};
  for (const auto* values : {&bars.values, &bars.low, &bars.high}) {
    for (const double value : *values) range.include(value);
  }
  return rounded(range, 6);
}

void whisker(Drawing& drawing, const Scale& x, double y, double low, double high) {
  drawing.line({x.place(low), y}, {x.place(high), y}, Ink::text, 1.5);
  for (const double end : {low, high}) {
    drawing.line({x.place(end), y - 4}, {x.place(end), y + 4}, Ink::text, 1.5);
  }
}

}  // namespace

Drawing draw(const Bars& bars, double width) {
  const double top = kMargin + (bars.title.empty() ? 0 : kTitle + 10);
  const double bottom = top + kLine * static_cast<double>(bars.names.size());
  const double foot = kFont + 6 + (bars.x_label.empty() ? 0 : kFont + 8) + kMargin;
  Drawing drawing{.width = width, .height = bottom + foot, .title = bars.title, .shapes = {}};
  add_title(drawing, bars.title);
  const double left = kMargin + name_width(bars, width) + 8, right = width - kMargin - 16;
  const Scale x(range_of(bars), left, right);
  for (const Tick& tick : x.ticks(std::max(2, static_cast<int>((right - left) / 80)))) {
    const double at = x.place(tick.value);
    drawing.line({at, top}, {at, bottom}, Ink::grid);
    drawing.text({at, bottom + kFont + 6}, tick.label, kFont, Anchor::middle, Ink::muted);
  }
  for (size_t i = 0; i < bars.names.size(); ++i) {
    const double y = top + kLine * (static_cast<double>(i) + 0.5);
    drawing.text({left - 8, y + 4}, shortened(bars.names[i], kFont, left - 7 - kMargin), kFont,
                 Anchor::end);
    if (!std::isfinite(bars.values[i])) continue;
    const double zero = x.place(0), end = x.place(bars.values[i]);
    drawing.box({std::min(zero, end), y - 8}, std::max(1.0, std::abs(end - zero)), 16,
                Paint::series(0));
    if (!bars.low.empty()) whisker(drawing, x, y, bars.low[i], bars.high[i]);
  }
  drawing.line({x.place(0), top}, {x.place(0), bottom}, Ink::axis);
  drawing.text({(left + right) / 2, drawing.height - kMargin + 4}, bars.x_label, kFont,
               Anchor::middle, Ink::muted);
  return drawing;
}

}  // namespace sinapse
