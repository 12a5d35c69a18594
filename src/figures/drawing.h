// A drawing as data: shapes in the order in which they are drawn. Charts make it, writers show it.
// Sizes and places are pixels, y grows downwards.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace sinapse {

/// What something is drawn for. The theme decides on the colour, so that one drawing serves light
/// and dark pages.
enum class Ink : uint8_t { none, page, text, muted, grid, axis, series };

struct Colour {
  uint8_t red = 0, green = 0, blue = 0;
  bool operator==(const Colour&) const = default;
};

/// An ink or, for pictures of numbers, a colour of its own.
struct Paint {
  Ink ink = Ink::none;
  int number = 0;  // of the series
  Colour colour{};
  bool fixed = false;  // `colour` counts

  Paint() = default;
  Paint(Ink ink) : ink(ink) {}  // NOLINT(google-explicit-constructor): reads as the ink itself
  static Paint series(int number);
  static Paint fixed_colour(Colour colour);

  bool visible() const { return fixed || ink != Ink::none; }
  bool operator==(const Paint&) const = default;
};

struct Point {
  double x = 0, y = 0;
};

/// Through all points; filled if `closed`.
struct Path {
  std::vector<Point> points;
  Paint stroke, fill;
  double width = 1;
  double opacity = 1;  // of the filling
  bool dashed = false;
  bool closed = false;
};

struct Circle {
  Point centre;
  double radius = 3;
  Paint stroke, fill;
  double width = 1;
};

enum class Anchor : uint8_t { start, middle, end };

/// One line of text on its base line.
struct Text {
  Point at;
  std::string text;
  double size = 12;
  Anchor anchor = Anchor::start;
  Paint paint = Ink::text;
  bool bold = false;
  bool upwards = false;  // turned by a quarter
};

/// A picture of [rows, columns] colours stretched over a box.
struct Raster {
  Point corner;
  double width = 0, height = 0;
  int64_t rows = 0, columns = 0;
  std::vector<Colour> colours;
};

using DrawingShape = std::variant<Path, Circle, Text, Raster>;

struct Drawing {
  double width = 640, height = 400;
  std::string title;  // for those who cannot see it
  std::vector<DrawingShape> shapes;

  void add(DrawingShape shape) { shapes.push_back(std::move(shape)); }
  void line(Point from, Point to, Paint stroke, double width = 1, bool dashed = false);
  void box(Point corner, double width, double height, Paint fill, Paint stroke = {});
  void text(Point at, std::string text, double size = 12, Anchor anchor = Anchor::start,
            Paint paint = Ink::text);
  /// The other drawing with its corner at `corner`.
  void place(const Drawing& other, Point corner);
};

/// Several drawings in rows of `columns`, each cell as large as the largest of them.
Drawing tiled(const std::vector<Drawing>& drawings, int columns);

/// About how wide a text is: fonts differ.
double text_width(std::string_view text, double size);

/// The text, or its beginning and "…", so that it is about `width` wide at most.
std::string shortened(const std::string& text, double size, double width);

}  // namespace sinapse
