#include "figures/terminal.h"

#include <algorithm>

#include <gtest/gtest.h>

namespace sinapse {

namespace {

Drawing drawing_of(int columns, int lines) {
  return {.width = double(columns) * kCellWidth,
          .height = double(lines) * kCellHeight,
          .title = "",
          .shapes = {}};
}

TEST(Terminal, ALineIsBrailleDots) {
  Drawing drawing = drawing_of(2, 1);
  drawing.line({0, 1}, {15, 1}, Ink::text);
  EXPECT_EQ(to_terminal(drawing, false), "⠉⠉\n");
}

TEST(Terminal, WordsHideDots) {
  Drawing drawing = drawing_of(6, 1);
  drawing.line({0, 1}, {47, 1}, Ink::text);
  drawing.text({8, 12}, "ação", 12);
  EXPECT_EQ(to_terminal(drawing, false), "⠉ação⠉\n");
}

TEST(Terminal, ColoursOnlyWhereAskedFor) {
  Drawing drawing = drawing_of(1, 1);
  drawing.line({0, 1}, {7, 1}, Paint::series(0));
  EXPECT_EQ(to_terminal(drawing, false).find('\x1b'), std::string::npos);
  EXPECT_NE(to_terminal(drawing, true).find("\x1b[38;2;"), std::string::npos);
}

TEST(Terminal, DarkPicturesAreDenser) {
  Drawing drawing = drawing_of(2, 1);
  drawing.add(Raster{.corner = {0, 0},
                     .width = 16,
                     .height = 16,
                     .rows = 1,
                     .columns = 2,
                     .colours = {{0, 0, 0}, {255, 255, 255}}});
  EXPECT_EQ(to_terminal(drawing, false), "█\n");
}

TEST(Terminal, NothingIsDrawnOutside) {
  Drawing drawing = drawing_of(2, 1);
  drawing.line({-100, -50}, {200, 90}, Ink::text);
  drawing.text({-40, -40}, "far away", 12);
  const std::string text = to_terminal(drawing, false);
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 1);
}

}  // namespace

}  // namespace sinapse
