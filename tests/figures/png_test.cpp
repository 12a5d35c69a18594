#include "figures/png.h"

#include <cairo.h>
#include <gtest/gtest.h>

namespace sinapse {

namespace {

// The colour of one pixel of a PNG.
Colour pixel(std::string png, int x, int y) {
  const auto read = [](void* from, unsigned char* bytes, unsigned int count) {
    auto& rest = *static_cast<std::string*>(from);
    if (rest.size() < count) return CAIRO_STATUS_READ_ERROR;
    rest.copy(reinterpret_cast<char*>(bytes), count);
    rest.erase(0, count);
    return CAIRO_STATUS_SUCCESS;
  };
  cairo_surface_t* surface = cairo_image_surface_create_from_png_stream(read, &png);
  const unsigned char* data = cairo_image_surface_get_data(surface);
  const auto* row =
      reinterpret_cast<const uint32_t*>(data + y * cairo_image_surface_get_stride(surface));
  const uint32_t value = row[x];
  cairo_surface_destroy(surface);
  return {static_cast<uint8_t>(value >> 16), static_cast<uint8_t>(value >> 8),
          static_cast<uint8_t>(value)};
}

TEST(Png, BoxesHaveTheirColour) {
  Drawing drawing{.width = 20, .height = 10, .title = "", .shapes = {}};
  drawing.box({5, 2}, 10, 6, Paint::series(0));
  const std::string png = to_png(drawing, Theme::light, 1);
  EXPECT_EQ(pixel(png, 10, 5), colour_of(Paint::series(0), Theme::light));
  EXPECT_EQ(pixel(png, 1, 1), (Colour{255, 255, 255}));
}

TEST(Png, DarkPagesAreDark) {
  const Drawing drawing{.width = 4, .height = 4, .title = "", .shapes = {}};
  EXPECT_EQ(pixel(to_png(drawing, Theme::dark, 1), 1, 1), colour_of(Ink::page, Theme::dark));
}

TEST(Png, RastersKeepTheirPixels) {
  const Raster raster{.rows = 1, .columns = 2, .colours = {{255, 0, 0}, {0, 0, 255}}};
  EXPECT_EQ(pixel(png_of(raster), 0, 0), (Colour{255, 0, 0}));
  EXPECT_EQ(pixel(png_of(raster), 1, 0), (Colour{0, 0, 255}));
}

TEST(Png, Base64IsThatOfTheStandard) {  // RFC 4648, section 10
  EXPECT_EQ(base64(""), "");
  EXPECT_EQ(base64("f"), "Zg==");
  EXPECT_EQ(base64("fo"), "Zm8=");
  EXPECT_EQ(base64("foo"), "Zm9v");
  EXPECT_EQ(base64("foobar"), "Zm9vYmFy");
}

}  // namespace

}  // namespace sinapse
