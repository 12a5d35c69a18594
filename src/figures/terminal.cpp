// A character of braille is a cell of 2 by 4 dots (Unicode block U+2800, one bit a dot).
#include "figures/terminal.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include <fmt/format.h>

#include "figures/theme.h"

namespace sinapse {

namespace {

constexpr int kDotsAcross = 2, kDotsDown = 4;
constexpr double kDotWidth = double{kCellWidth} / kDotsAcross;
constexpr double kDotHeight = double{kCellHeight} / kDotsDown;
constexpr int kLabelColumns = 4;  // where an axis has its label, which keeps clear of the numbers

struct Cell {
  std::string word;  // one UTF-8 character of text; it hides the dots
  uint8_t dots = 0;
  Paint paint;
  std::optional<Colour> background;
};

std::string utf8(uint32_t code) {  // U+0800 to U+FFFF
  return {static_cast<char>(0xE0 | code >> 12), static_cast<char>(0x80 | (code >> 6 & 63)),
          static_cast<char>(0x80 | (code & 63))};
}

std::vector<std::string> characters_of(const std::string& text) {
  std::vector<std::string> characters;
  for (const char c : text) {
    if ((static_cast<unsigned char>(c) & 0xC0) == 0x80 && !characters.empty()) {
      characters.back() += c;
    } else {
      characters.emplace_back(1, c);
    }
  }
  return characters;
}

class Screen {
 public:
  explicit Screen(const Drawing& drawing)
      : columns_(static_cast<int>(std::ceil(drawing.width / kCellWidth))),
        lines_(static_cast<int>(std::ceil(drawing.height / kCellHeight))),
        cells_(static_cast<size_t>(columns_) * static_cast<size_t>(lines_)) {}

  void operator()(const Path& path) {
    if (path.closed && path.fill.visible() && path.opacity > 0.5 && path.fill.ink != Ink::page) {
      fill(path);
    }
    if (!path.stroke.visible() || path.stroke.ink == Ink::grid) return;
    for (size_t i = 1; i < path.points.size(); ++i) {
      line(path.points[i - 1], path.points[i], path.stroke, path.dashed);
    }
    if (path.closed && path.points.size() > 2) {
      line(path.points.back(), path.points.front(), path.stroke, path.dashed);
    }
  }

  void operator()(const Circle& circle) {
    const Paint& paint =
        circle.fill.visible() && circle.fill.ink != Ink::page ? circle.fill : circle.stroke;
    if (circle.radius <= kDotHeight) return dot(circle.centre, paint);
    Point last{circle.centre.x + circle.radius, circle.centre.y};
    for (int i = 1; i <= 32; ++i) {
      const double angle = i * 2 * 3.14159265358979 / 32;
      const Point next{circle.centre.x + circle.radius * std::cos(angle),
                       circle.centre.y + circle.radius * std::sin(angle)};
      line(last, next, paint, false);
      last = next;
    }
  }

  // Turned text stands letter under letter.
  void operator()(const Text& text) {
    const auto characters = characters_of(text.text);
    const int count = static_cast<int>(characters.size());
    const int shift = text.anchor == Anchor::start    ? 0
                      : text.anchor == Anchor::middle ? count / 2
                                                      : count;
    int column = static_cast<int>(std::floor(text.at.x / kCellWidth));
    int line = static_cast<int>(std::floor((text.at.y - 0.35 * text.size) / kCellHeight));
    (text.upwards ? line : column) += text.upwards ? shift - count + 1 : -shift;
    if (!text.upwards) column = std::clamp(column, 0, std::max(0, columns_ - count));
    if (text.upwards && column < kLabelColumns) column = 0;
    for (int i = 0; i < count; ++i) {
      if (Cell* cell = cell_at(column + (text.upwards ? 0 : i), line + (text.upwards ? i : 0))) {
        cell->word = characters[static_cast<size_t>(i)];
        cell->paint = text.paint;
      }
    }
  }

  void operator()(const Raster& raster) {
    if (raster.rows == 0 || raster.columns == 0) return;
    for (int line = 0; line < lines_; ++line) {
      for (int column = 0; column < columns_; ++column) {
        const double across = ((column + 0.5) * kCellWidth - raster.corner.x) / raster.width;
        const double down = ((line + 0.5) * kCellHeight - raster.corner.y) / raster.height;
        if (across < 0 || across >= 1 || down < 0 || down >= 1) continue;
        const auto r = static_cast<int64_t>(down * static_cast<double>(raster.rows));
        const auto c = static_cast<int64_t>(across * static_cast<double>(raster.columns));
        cell_at(column, line)->background =
            raster.colours[static_cast<size_t>(r * raster.columns + c)];
      }
    }
  }

  std::string text(bool colours) const {
    std::string text;
    for (int line = 0; line < lines_; ++line) {
      std::string row;
      for (int column = 0; column < columns_; ++column) {
        row += shown(cells_[static_cast<size_t>(line * columns_ + column)], colours);
      }
      row.erase(row.find_last_not_of(' ') + 1);
      text += row + "\n";
    }
    return text;
  }

 private:
  Cell* cell_at(int column, int line) {
    if (column < 0 || column >= columns_ || line < 0 || line >= lines_) return nullptr;
    return &cells_[static_cast<size_t>(line * columns_ + column)];
  }

  void dot(Point at, const Paint& paint) {
    const int across = static_cast<int>(std::floor(at.x / kDotWidth));
    const int down = static_cast<int>(std::floor(at.y / kDotHeight));
    Cell* cell = across < 0 || down < 0 ? nullptr : cell_at(across / kDotsAcross, down / kDotsDown);
    if (cell == nullptr) return;
    constexpr uint8_t kBits[kDotsDown][kDotsAcross] = {{1, 8}, {2, 16}, {4, 32}, {64, 128}};
    cell->dots |= kBits[down % kDotsDown][across % kDotsAcross];
    if (cell->word.empty()) cell->paint = paint;
  }

  void line(Point from, Point to, const Paint& paint, bool dashed) {
    const double steps = std::ceil(
        std::max(std::abs(to.x - from.x) / kDotWidth, std::abs(to.y - from.y) / kDotHeight));
    const int count = static_cast<int>(std::clamp(steps, 1.0, 10000.0));
    for (int i = 0; i <= count; ++i) {
      if (dashed && i % 4 >= 2) continue;
      const double share = double(i) / count;
      dot({from.x + (to.x - from.x) * share, from.y + (to.y - from.y) * share}, paint);
    }
  }

  // Dots whose centre lies inside, by the even-odd rule.
  void fill(const Path& path) {
    for (int down = 0; down < lines_ * kDotsDown; ++down) {
      for (int across = 0; across < columns_ * kDotsAcross; ++across) {
        const Point centre{(across + 0.5) * kDotWidth, (down + 0.5) * kDotHeight};
        if (contains(path, centre)) dot(centre, path.fill);
      }
    }
  }

  static bool contains(const Path& path, Point at) {
    bool inside = false;
    for (size_t i = 0, j = path.points.size() - 1; i < path.points.size(); j = i++) {
      const Point &a = path.points[i], &b = path.points[j];
      if ((a.y > at.y) != (b.y > at.y) && at.x < (b.x - a.x) * (at.y - a.y) / (b.y - a.y) + a.x) {
        inside = !inside;
      }
    }
    return inside;
  }

  static std::string shown(const Cell& cell, bool colours) {
    std::string character = cell.word;
    if (character.empty()) character = cell.dots == 0 ? " " : utf8(0x2800u + cell.dots);
    if (cell.background && character == " " && !colours) return shade(*cell.background);
    if (!colours || (character == " " && !cell.background)) return character;
    std::string codes;
    if (cell.background) {
      codes += fmt::format("\x1b[48;2;{};{};{}m", cell.background->red, cell.background->green,
                           cell.background->blue);
    }
    const bool plain = !cell.paint.fixed && cell.paint.ink == Ink::text && !cell.background;
    if (!plain && character != " ") {
      const Colour colour = colour_of(cell.paint, cell.background ? Theme::light : Theme::dark);
      codes += fmt::format("\x1b[38;2;{};{};{}m", colour.red, colour.green, colour.blue);
    }
    return codes.empty() ? character : codes + character + "\x1b[0m";
  }

  // Darker colours as denser characters.
  static std::string shade(Colour colour) {
    const double light = (0.299 * colour.red + 0.587 * colour.green + 0.114 * colour.blue) / 256;
    constexpr const char* kShades[] = {"█", "▓", "▒", "░", " "};
    return kShades[static_cast<int>(light * 5)];
  }

  int columns_, lines_;
  std::vector<Cell> cells_;
};

}  // namespace

std::string to_terminal(const Drawing& drawing, bool colours) {
  Screen screen(drawing);
  for (const DrawingShape& shape : drawing.shapes) std::visit(screen, shape);
  return screen.text(colours);
}

}  // namespace sinapse
