#include "figures/png.h"

#include <cmath>
#include <memory>
#include <numbers>

#include <cairo.h>
#include <fmt/format.h>

#include <sinapse/error.h>

namespace sinapse {

namespace {

struct Free {
  void operator()(cairo_surface_t* surface) const { cairo_surface_destroy(surface); }
  void operator()(cairo_t* context) const { cairo_destroy(context); }
};
using Surface = std::unique_ptr<cairo_surface_t, Free>;
using Context = std::unique_ptr<cairo_t, Free>;

void require(cairo_status_t status) {
  if (status == CAIRO_STATUS_SUCCESS) return;
  throw Error(ErrorCode::file,
              fmt::format("The PNG cannot be made: {}.", cairo_status_to_string(status)));
}

Surface new_surface(int width, int height) {
  Surface surface(cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, height));
  require(cairo_surface_status(surface.get()));
  return surface;
}

cairo_status_t append(void* to, const unsigned char* bytes, unsigned int count) {
  static_cast<std::string*>(to)->append(reinterpret_cast<const char*>(bytes), count);
  return CAIRO_STATUS_SUCCESS;
}

std::string encoded(const Surface& surface) {
  std::string bytes;
  require(cairo_surface_write_to_png_stream(surface.get(), append, &bytes));
  return bytes;
}

Surface surface_of(const Raster& raster) {
  Surface surface = new_surface(static_cast<int>(raster.columns), static_cast<int>(raster.rows));
  const int stride = cairo_image_surface_get_stride(surface.get());
  unsigned char* const data = cairo_image_surface_get_data(surface.get());
  for (int64_t r = 0; r < raster.rows; ++r) {
    auto* row = reinterpret_cast<uint32_t*>(data + r * stride);
    for (int64_t c = 0; c < raster.columns; ++c) {
      const Colour colour = raster.colours[static_cast<size_t>(r * raster.columns + c)];
      row[c] = static_cast<uint32_t>(colour.red << 16 | colour.green << 8 | colour.blue);
    }
  }
  cairo_surface_mark_dirty(surface.get());
  return surface;
}

class Painter {
 public:
  Painter(const Surface& surface, Theme theme)
      : context_(cairo_create(surface.get())), theme_(theme) {}

  cairo_t* get() const { return context_.get(); }

  void set(const Paint& paint, double opacity = 1) const {
    const Colour colour = colour_of(paint, theme_);
    cairo_set_source_rgba(get(), colour.red / 255.0, colour.green / 255.0, colour.blue / 255.0,
                          opacity);
  }

  void operator()(const Path& path) const {
    for (const Point& point : path.points) cairo_line_to(get(), point.x, point.y);
    if (path.closed) cairo_close_path(get());
    const double dashes[] = {5, 4};
    cairo_set_dash(get(), dashes, path.dashed ? 2 : 0, 0);
    cairo_set_line_join(get(), CAIRO_LINE_JOIN_ROUND);
    finish(path.stroke, path.fill, path.width, path.opacity);
  }

  void operator()(const Circle& circle) const {
    cairo_arc(get(), circle.centre.x, circle.centre.y, circle.radius, 0, 2 * std::numbers::pi);
    cairo_set_dash(get(), nullptr, 0, 0);
    finish(circle.stroke, circle.fill, circle.width, 1);
  }

  void operator()(const Text& text) const {
    cairo_select_font_face(get(), "sans-serif", CAIRO_FONT_SLANT_NORMAL,
                           text.bold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL);
    cairo_set_font_size(get(), text.size);
    cairo_text_extents_t extents;
    cairo_text_extents(get(), text.text.c_str(), &extents);
    const double share = text.anchor == Anchor::start ? 0 : text.anchor == Anchor::middle ? 0.5 : 1;
    cairo_save(get());
    cairo_translate(get(), text.at.x, text.at.y);
    if (text.upwards) cairo_rotate(get(), -std::numbers::pi / 2);
    cairo_move_to(get(), -extents.x_advance * share, 0);
    set(text.paint);
    cairo_show_text(get(), text.text.c_str());
    cairo_restore(get());
    cairo_new_path(get());
  }

  void operator()(const Raster& raster) const {
    if (raster.rows == 0 || raster.columns == 0) return;
    const Surface picture = surface_of(raster);
    cairo_save(get());
    cairo_translate(get(), raster.corner.x, raster.corner.y);
    cairo_scale(get(), raster.width / static_cast<double>(raster.columns),
                raster.height / static_cast<double>(raster.rows));
    cairo_set_source_surface(get(), picture.get(), 0, 0);
    cairo_pattern_set_filter(cairo_get_source(get()), CAIRO_FILTER_NEAREST);
    cairo_paint(get());
    cairo_restore(get());
  }

 private:
  void finish(const Paint& stroke, const Paint& fill, double width, double opacity) const {
    if (fill.visible()) {
      set(fill, opacity);
      cairo_fill_preserve(get());
    }
    if (stroke.visible()) {
      set(stroke);
      cairo_set_line_width(get(), width);
      cairo_stroke_preserve(get());
    }
    cairo_new_path(get());
  }

  Context context_;
  Theme theme_;
};

}  // namespace

std::string to_png(const Drawing& drawing, Theme theme, double scale) {
  const Surface surface = new_surface(static_cast<int>(std::ceil(drawing.width * scale)),
                                      static_cast<int>(std::ceil(drawing.height * scale)));
  const Painter painter(surface, theme);
  painter.set(Ink::page);
  cairo_paint(painter.get());
  cairo_scale(painter.get(), scale, scale);
  for (const DrawingShape& shape : drawing.shapes) std::visit(painter, shape);
  require(cairo_status(painter.get()));
  return encoded(surface);
}

std::string png_of(const Raster& raster) {
  return encoded(surface_of(raster));
}

std::string base64(std::string_view bytes) {
  constexpr char kDigits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  for (size_t i = 0; i < bytes.size(); i += 3) {
    uint32_t group = 0;
    for (size_t k = 0; k < 3; ++k) {
      group = group << 8 | (i + k < bytes.size() ? static_cast<unsigned char>(bytes[i + k]) : 0);
    }
    for (size_t k = 0; k < 4; ++k) {
      text += i + k <= bytes.size() ? kDigits[group >> (18 - 6 * k) & 63] : '=';
    }
  }
  return text;
}

}  // namespace sinapse
