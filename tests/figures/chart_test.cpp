#include "figures/chart.h"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

namespace sinapse {

namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

Chart chart_of(std::vector<double> x, std::vector<double> y) {
  Chart chart{.title = "", .x_label = "", .y_label = "", .series = {}};
  chart.series.push_back({.name = "", .x = std::move(x), .y = std::move(y), .low = {}, .high = {}});
  return chart;
}

// The lines and dots of the first series.
std::vector<Path> lines_of(const Drawing& drawing) {
  std::vector<Path> lines;
  for (const DrawingShape& shape : drawing.shapes) {
    const auto* path = std::get_if<Path>(&shape);
    if (path != nullptr && path->stroke.ink == Ink::series) lines.push_back(*path);
  }
  return lines;
}

size_t num_circles(const Drawing& drawing) {
  size_t count = 0;
  for (const DrawingShape& shape : drawing.shapes) count += std::holds_alternative<Circle>(shape);
  return count;
}

bool has_text(const Drawing& drawing, const std::string& wanted) {
  for (const DrawingShape& shape : drawing.shapes) {
    const auto* text = std::get_if<Text>(&shape);
    if (text != nullptr && text->text == wanted) return true;
  }
  return false;
}

TEST(Chart, ALineGoesThroughAllItsPoints) {
  const auto lines = lines_of(draw(chart_of({0, 1, 2, 3}, {0, 1, 4, 9})));
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_EQ(lines[0].points.size(), 4u);
}

TEST(Chart, PointsThatAreNotFiniteBreakTheLine) {
  const auto lines = lines_of(draw(chart_of({0, 1, 2, 3, 4}, {0, 1, kNaN, 3, 4})));
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_EQ(lines[0].points.size(), 2u);
  EXPECT_EQ(lines[1].points.size(), 2u);
}

TEST(Chart, APointAloneIsADot) {
  EXPECT_EQ(num_circles(draw(chart_of({1}, {1}))), 1u);
  EXPECT_EQ(num_circles(draw(chart_of({0, 1, 2}, {0, kNaN, 2}))), 2u);
}

TEST(Chart, LinesEndWhereTheyCrossTheFrame) {
  Chart chart = chart_of({0, 1, 2}, {0, 10, 0});
  chart.y_range = Range{0, 5};
  const auto lines = lines_of(draw(chart));
  ASSERT_EQ(lines.size(), 2u);
  const Point leaves = lines[0].points.back(), returns = lines[1].points.front();
  EXPECT_DOUBLE_EQ(leaves.y, returns.y);
  const Point start = lines[0].points.front(), end = lines[1].points.back();
  EXPECT_NEAR(leaves.x - start.x, 0.25 * (end.x - start.x), 1e-9);
  EXPECT_NEAR(returns.x - start.x, 0.75 * (end.x - start.x), 1e-9);
}

TEST(Chart, LogarithmicAxesLeaveOutWhatIsNotPositive) {
  Chart chart = chart_of({1, 2, 3}, {0.01, 0, 1});
  chart.logarithmic_y = true;
  EXPECT_EQ(num_circles(draw(chart)), 2u);
}

TEST(Chart, NamesStandInTheLegendAndLongOnesAreShortened) {
  Chart chart = chart_of({0, 1}, {0, 1});
  chart.series[0].name = "validation";
  EXPECT_TRUE(has_text(draw(chart), "validation"));
  chart.series[0].name = std::string(500, 'm');
  EXPECT_FALSE(has_text(draw(chart), chart.series[0].name));
}

TEST(Chart, BarsHaveThePlaceOfTheirNumbers) {
  const Bars bars{.title = "Importance",
                  .x_label = "",
                  .names = {"size", "rooms"},
                  .values = {2, 1},
                  .low = {},
                  .high = {}};
  const Drawing drawing = draw(bars);
  EXPECT_TRUE(has_text(drawing, "size"));
  std::vector<double> widths;
  for (const DrawingShape& shape : drawing.shapes) {
    const auto* path = std::get_if<Path>(&shape);
    if (path != nullptr && path->closed) widths.push_back(path->points[1].x - path->points[0].x);
  }
  ASSERT_EQ(widths.size(), 2u);
  EXPECT_NEAR(widths[0], 2 * widths[1], 1e-9);
}

TEST(Drawing, TilesStandInRows) {
  Drawing one{.width = 100, .height = 50, .title = "one", .shapes = {}};
  one.line({0, 0}, {1, 1}, Ink::text);
  const Drawing all = tiled({one, one, one}, 2);
  EXPECT_DOUBLE_EQ(all.width, 200);
  EXPECT_DOUBLE_EQ(all.height, 100);
  const Point corner = std::get<Path>(all.shapes[2]).points[0];
  EXPECT_DOUBLE_EQ(corner.x, 0);
  EXPECT_DOUBLE_EQ(corner.y, 50);
}

TEST(Drawing, ShortenedTextsAreWholeCharacters) {
  EXPECT_EQ(shortened("short", 12, 500), "short");
  const std::string text = shortened("ação de ação de ação", 12, 40);
  EXPECT_LE(text_width(text, 12), 40);
  EXPECT_TRUE(text.ends_with("…"));
  EXPECT_TRUE(text.starts_with("aç"));
}

}  // namespace

}  // namespace sinapse
