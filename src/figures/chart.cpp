#include "figures/chart.h"

#include <algorithm>
#include <cmath>

#include "figures/chart_frame.h"

namespace sinapse {

namespace {

// Where a line between two points crosses the upper or lower edge at `y`.
Point crossing(Point from, Point to, double y) {
  return {from.x + (to.x - from.x) * (y - from.y) / (to.y - from.y), y};
}

class SeriesDrawing {
 public:
  SeriesDrawing(const Chart& chart, const ChartFrame& frame, Drawing& drawing)
      : chart_(chart), frame_(frame), drawing_(drawing) {}

  void draw(const Series& series, const Paint& paint) {
    if (!series.low.empty()) band(series, paint);
    switch (series.style) {
      case Series::Style::bars:
        return bars(series, paint);
      case Series::Style::dots:
        return dots(series, paint);
      default:
        return line(series, paint);
    }
  }

 private:
  Point place(double x, double y) const { return {frame_.x.place(x), frame_.y.place(y)}; }
  bool within(Point point) const {
    return point.y >= frame_.area.top - 0.5 && point.y <= frame_.area.bottom + 0.5;
  }
  void dot(Point at, const Paint& paint) {
    drawing_.add(Circle{.centre = at, .radius = 2.5, .stroke = {}, .fill = paint});
  }

  void dots(const Series& series, const Paint& paint) {
    for (size_t i = 0; i < series.x.size(); ++i) {
      if (!can_show(chart_, series.x[i], series.y[i])) continue;
      const Point at = place(series.x[i], series.y[i]);
      if (within(at)) dot(at, paint);
    }
  }

  // The points of a line up to a gap, with the corners of steps.
  void line(const Series& series, const Paint& paint) {
    std::vector<Point> points;
    for (size_t i = 0; i < series.x.size(); ++i) {
      if (!can_show(chart_, series.x[i], series.y[i])) {
        clipped_line(points, series, paint);
        points.clear();
        continue;
      }
      const Point at = place(series.x[i], series.y[i]);
      if (series.style == Series::Style::steps && !points.empty()) {
        points.push_back({at.x, points.back().y});
      }
      points.push_back(at);
    }
    clipped_line(points, series, paint);
  }

  // Lines leave the axes where they cross the frame.
  void clipped_line(const std::vector<Point>& points, const Series& series, const Paint& paint) {
    Path path{.points = {},
              .stroke = paint,
              .fill = {},
              .width = 2,
              .dashed = series.style == Series::Style::dashed};
    const auto finish = [&] {
      if (path.points.size() == 1) dot(path.points[0], paint);
      if (path.points.size() > 1) drawing_.add(path);
      path.points.clear();
    };
    for (size_t i = 0; i < points.size(); ++i) {
      const bool here = within(points[i]), before = i > 0 && within(points[i - 1]);
      if (i > 0 && here != before) {
        const Point& outside = here ? points[i - 1] : points[i];
        path.points.push_back(crossing(points[i - 1], points[i], edge_near(outside)));
      }
      if (here) {
        path.points.push_back(points[i]);
      } else {
        finish();
      }
    }
    finish();
  }

  double edge_near(Point outside) const {
    return outside.y < frame_.area.top ? frame_.area.top : frame_.area.bottom;
  }

  Point place_within(double x, double y) const {
    const Point at = place(x, y);
    return {at.x, std::clamp(at.y, frame_.area.top, frame_.area.bottom)};
  }

  void band(const Series& series, const Paint& paint) {
    Path path{.points = {}, .stroke = {}, .fill = paint, .opacity = 0.18, .closed = true};
    const auto add = [&](size_t i, double y) {
      if (can_show(chart_, series.x[i], y)) path.points.push_back(place_within(series.x[i], y));
    };
    for (size_t i = 0; i < series.x.size(); ++i) add(i, series.high[i]);
    for (size_t i = series.x.size(); i-- > 0;) add(i, series.low[i]);
    if (path.points.size() > 2) drawing_.add(path);
  }

  void bars(const Series& series, const Paint& paint) {
    const double half = 0.45 * bar_room(series);
    const double zero = std::clamp(frame_.y.place(0), frame_.area.top, frame_.area.bottom);
    for (size_t i = 0; i < series.x.size(); ++i) {
      if (!can_show(chart_, series.x[i], series.y[i])) continue;
      const Point tip = place_within(series.x[i], series.y[i]);
      const double left = std::max(frame_.area.left, tip.x - half);
      const double right = std::min(frame_.area.right, tip.x + half);
      drawing_.box({left, std::min(zero, tip.y)}, right - left, std::abs(tip.y - zero), paint);
    }
  }

  double bar_room(const Series& series) const {
    const Range range = frame_.x.range();
    double gap = range.high - range.low;
    for (size_t i = 1; i < series.x.size(); ++i) {
      gap = std::min(gap, std::abs(series.x[i] - series.x[i - 1]));
    }
    return std::max(1.0, frame_.x.place(range.low + gap) - frame_.x.place(range.low));
  }

  const Chart& chart_;
  const ChartFrame& frame_;
  Drawing& drawing_;
};

}  // namespace

Drawing draw(const Chart& chart, Size size) {
  Drawing drawing{.width = size.width, .height = size.height, .title = chart.title, .shapes = {}};
  const ChartFrame frame = draw_frame(chart, drawing);
  SeriesDrawing series(chart, frame, drawing);
  for (size_t i = 0; i < chart.series.size(); ++i) {
    series.draw(chart.series[i], paint_of(chart, i));
  }
  return drawing;
}

}  // namespace sinapse
