#include "figures/drawing.h"

#include <algorithm>
#include <string_view>

namespace sinapse {

Paint Paint::series(int number) {
  Paint paint(Ink::series);
  paint.number = number;
  return paint;
}

Paint Paint::fixed_colour(Colour colour) {
  Paint paint;
  paint.fixed = true;
  paint.colour = colour;
  return paint;
}

void Drawing::line(Point from, Point to, Paint stroke, double stroke_width, bool dashed) {
  add(Path{
      .points = {from, to}, .stroke = stroke, .fill = {}, .width = stroke_width, .dashed = dashed});
}

void Drawing::box(Point corner, double box_width, double box_height, Paint fill, Paint stroke) {
  const double right = corner.x + box_width, bottom = corner.y + box_height;
  add(Path{.points = {corner, {right, corner.y}, {right, bottom}, {corner.x, bottom}},
           .stroke = stroke,
           .fill = fill,
           .closed = true});
}

void Drawing::text(Point at, std::string words, double size, Anchor anchor, Paint paint) {
  add(Text{.at = at, .text = std::move(words), .size = size, .anchor = anchor, .paint = paint});
}

namespace {

void move(Path& path, Point by) {
  for (Point& point : path.points) point = {point.x + by.x, point.y + by.y};
}
void move(Circle& circle, Point by) {
  circle.centre = {circle.centre.x + by.x, circle.centre.y + by.y};
}
void move(Text& text, Point by) {
  text.at = {text.at.x + by.x, text.at.y + by.y};
}
void move(Raster& raster, Point by) {
  raster.corner = {raster.corner.x + by.x, raster.corner.y + by.y};
}

// In thousandths of the font's size, between Helvetica's and DejaVu Sans's.
int character_width(unsigned char c) {
  if ((c & 0xC0) == 0x80) return 0;  // the rest of a UTF-8 character
  if (std::string_view("iljI.,:;'|!()[]").find(static_cast<char>(c)) != std::string_view::npos) {
    return 320;
  }
  if (std::string_view("mwMW@%").find(static_cast<char>(c)) != std::string_view::npos) return 900;
  if (c >= 'A' && c <= 'Z') return 690;
  return c == ' ' ? 320 : 600;
}

}  // namespace

void Drawing::place(const Drawing& other, Point corner) {
  for (DrawingShape shape : other.shapes) {
    std::visit([&](auto& one) { move(one, corner); }, shape);
    add(std::move(shape));
  }
}

Drawing tiled(const std::vector<Drawing>& drawings, int columns) {
  const int count = static_cast<int>(drawings.size());
  columns = std::max(1, std::min(columns, count));
  double width = 0, height = 0;
  for (const Drawing& drawing : drawings) {
    width = std::max(width, drawing.width);
    height = std::max(height, drawing.height);
  }
  const int rows = (count + columns - 1) / columns;
  Drawing all{.width = width * columns, .height = height * rows, .title = "", .shapes = {}};
  for (int i = 0; i < count; ++i) {
    const Drawing& drawing = drawings[static_cast<size_t>(i)];
    all.place(drawing, {width * (i % columns), height * (i / columns)});
    if (!drawing.title.empty()) all.title += (all.title.empty() ? "" : "; ") + drawing.title;
  }
  return all;
}

double text_width(std::string_view text, double size) {
  int thousandths = 0;
  for (const char c : text) thousandths += character_width(static_cast<unsigned char>(c));
  return thousandths * size / 1000;
}

std::string shortened(const std::string& text, double size, double width) {
  if (text_width(text, size) <= width) return text;
  std::string kept = text;
  while (!kept.empty() && text_width(kept + "…", size) > width) {
    do {  // a whole UTF-8 character
      const bool tail = (static_cast<unsigned char>(kept.back()) & 0xC0) == 0x80;
      kept.pop_back();
      if (!tail) break;
    } while (!kept.empty());
  }
  return kept + "…";
}

}  // namespace sinapse
