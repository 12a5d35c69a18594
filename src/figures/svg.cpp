#include "figures/svg.h"

#include <string_view>

#include <fmt/format.h>

#include "figures/png.h"

namespace sinapse {

namespace {

constexpr std::string_view kFont =
    "system-ui,-apple-system,'Segoe UI','DejaVu Sans',Helvetica,Arial,sans-serif";

// One decimal is a tenth of a pixel. "12", not "12.0" or "-0".
std::string number(double value) {
  std::string text = fmt::format("{:.1f}", value);
  if (text.ends_with(".0")) text.resize(text.size() - 2);
  return text == "-0" ? "0" : text;
}

std::string ink_name(const Paint& paint) {
  switch (paint.ink) {
    case Ink::page:
      return "page";
    case Ink::text:
      return "text";
    case Ink::muted:
      return "muted";
    case Ink::grid:
      return "grid";
    case Ink::axis:
      return "axis";
    case Ink::series:
      return fmt::format("series{}", paint.number % kSeriesColours);
    case Ink::none:
      break;
  }
  return "none";
}

// How a shape is painted: classes for inks, attributes for fixed colours.
std::string painted(const Paint& stroke, const Paint& fill) {
  std::string classes, attributes;
  const auto add = [&](const char* property, const Paint& paint) {
    if (paint.fixed) {
      attributes += fmt::format(" {}=\"{}\"", property, hexadecimal(paint.colour));
    } else if (paint.visible()) {
      classes += (classes.empty() ? "" : " ") + fmt::format("{}-{}", property, ink_name(paint));
    } else if (std::string_view(property) == "fill") {
      attributes += " fill=\"none\"";
    }
  };
  add("stroke", stroke);
  add("fill", fill);
  return (classes.empty() ? "" : fmt::format(" class=\"{}\"", classes)) + attributes;
}

std::string to_element(const Path& path) {
  std::string points;
  for (const Point& point : path.points) {
    points += (points.empty() ? "" : " ") + number(point.x) + "," + number(point.y);
  }
  std::string more;
  if (path.stroke.visible()) more += fmt::format(" stroke-width=\"{}\"", number(path.width));
  if (path.opacity < 1) more += fmt::format(" fill-opacity=\"{:.2f}\"", path.opacity);
  if (path.dashed) more += " stroke-dasharray=\"5 4\"";
  return fmt::format("<{} points=\"{}\"{}{} stroke-linejoin=\"round\"/>\n",
                     path.closed ? "polygon" : "polyline", points, painted(path.stroke, path.fill),
                     more);
}

std::string to_element(const Circle& circle) {
  return fmt::format("<circle cx=\"{}\" cy=\"{}\" r=\"{}\"{} stroke-width=\"{}\"/>\n",
                     number(circle.centre.x), number(circle.centre.y), number(circle.radius),
                     painted(circle.stroke, circle.fill), number(circle.width));
}

std::string to_element(const Text& text) {
  const char* anchor = text.anchor == Anchor::start    ? ""
                       : text.anchor == Anchor::middle ? " text-anchor=\"middle\""
                                                       : " text-anchor=\"end\"";
  const std::string turn = text.upwards ? fmt::format(" transform=\"rotate(-90 {} {})\"",
                                                      number(text.at.x), number(text.at.y))
                                        : "";
  return fmt::format("<text x=\"{}\" y=\"{}\" font-size=\"{}\"{}{}{}{}>{}</text>\n",
                     number(text.at.x), number(text.at.y), number(text.size), anchor,
                     text.bold ? " font-weight=\"600\"" : "", painted({}, text.paint), turn,
                     escape_xml(text.text));
}

std::string to_element(const Raster& raster) {
  return fmt::format(
      "<image x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" preserveAspectRatio=\"none\" "
      "style=\"image-rendering:pixelated\" href=\"data:image/png;base64,{}\"/>\n",
      number(raster.corner.x), number(raster.corner.y), number(raster.width), number(raster.height),
      base64(png_of(raster)));
}

std::string elements_of(const Drawing& drawing) {
  std::string elements;
  for (const DrawingShape& shape : drawing.shapes) {
    elements += std::visit([](const auto& one) { return to_element(one); }, shape);
  }
  return elements;
}

std::string style_of(Theme theme) {
  std::vector<Paint> paints{Ink::page, Ink::text, Ink::muted, Ink::grid, Ink::axis};
  for (int i = 0; i < kSeriesColours; ++i) paints.push_back(Paint::series(i));
  std::string rules;
  for (const Paint& paint : paints) {
    const std::string colour = hexadecimal(colour_of(paint, theme));
    rules +=
        fmt::format(".stroke-{0}{{stroke:{1}}}.fill-{0}{{fill:{1}}}\n", ink_name(paint), colour);
  }
  return rules;
}

std::string svg(const Drawing& drawing, const std::string& head) {
  return fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0}\" height=\"{1}\" "
      "viewBox=\"0 0 {0} {1}\" role=\"img\" aria-label=\"{2}\" "
      "font-family=\"{3}\">\n{4}{5}</svg>\n",
      number(drawing.width), number(drawing.height), escape_xml(drawing.title), kFont, head,
      elements_of(drawing));
}

}  // namespace

std::string to_svg(const Drawing& drawing, Theme theme) {
  const std::string page =
      fmt::format("<rect width=\"100%\" height=\"100%\" class=\"fill-page\"/>\n");
  return svg(drawing, "<style>\n" + style_of(theme) + "</style>\n" + page);
}

std::string to_inline_svg(const Drawing& drawing) {
  return svg(drawing, "");
}

std::string ink_style_sheet() {
  return style_of(Theme::light) + "@media screen and (prefers-color-scheme: dark) {\n" +
         style_of(Theme::dark) + "}\n";
}

std::string escape_xml(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    switch (c) {
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      case '&':
        escaped += "&amp;";
        break;
      case '"':
        escaped += "&quot;";
        break;
      default:
        escaped += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
    }
  }
  return escaped;
}

}  // namespace sinapse
