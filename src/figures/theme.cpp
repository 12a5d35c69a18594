#include "figures/theme.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

namespace sinapse {

namespace {

using Series = std::array<Colour, kSeriesColours>;

constexpr Series kLightSeries{{{0x00, 0x72, 0xb2},    // blue
                               {0xd5, 0x5e, 0x00},    // vermilion
                               {0x00, 0x9e, 0x73},    // green
                               {0xcc, 0x79, 0xa7},    // purple
                               {0xe6, 0x9f, 0x00},    // orange
                               {0x56, 0xb4, 0xe9},    // sky
                               {0x7f, 0x4f, 0x24},    // brown
                               {0x5f, 0x63, 0x68}}};  // grey

constexpr Series kDarkSeries{{{0x58, 0xa9, 0xe6},
                              {0xff, 0x8c, 0x42},
                              {0x2f, 0xc7, 0x9a},
                              {0xe3, 0x9a, 0xc7},
                              {0xf2, 0xb9, 0x3b},
                              {0x9a, 0xd8, 0xff},
                              {0xc8, 0x9b, 0x6d},
                              {0xa8, 0xad, 0xb4}}};

constexpr Colour kWhite{0xff, 0xff, 0xff};

Colour mixed(Colour from, Colour to, double share) {
  share = std::clamp(share, 0.0, 1.0);
  const auto mix = [&](uint8_t a, uint8_t b) {
    return static_cast<uint8_t>(std::lround(a + (b - a) * share));
  };
  return {mix(from.red, to.red), mix(from.green, to.green), mix(from.blue, to.blue)};
}

}  // namespace

Colour colour_of(const Paint& paint, Theme theme) {
  if (paint.fixed) return paint.colour;
  const bool light = theme == Theme::light;
  switch (paint.ink) {
    case Ink::text:
      return light ? Colour{0x1f, 0x23, 0x28} : Colour{0xe6, 0xed, 0xf3};
    case Ink::muted:
      return light ? Colour{0x57, 0x60, 0x6a} : Colour{0x9a, 0xa4, 0xb0};
    case Ink::grid:
      return light ? Colour{0xe6, 0xe8, 0xeb} : Colour{0x2a, 0x31, 0x3a};
    case Ink::axis:
      return light ? Colour{0x8c, 0x95, 0x9f} : Colour{0x6e, 0x76, 0x81};
    case Ink::series:
      return (light ? kLightSeries
                    : kDarkSeries)[static_cast<size_t>(paint.number) % kSeriesColours];
    case Ink::page:
    case Ink::none:
      break;
  }
  return light ? kWhite : Colour{0x0d, 0x11, 0x17};
}

std::string hexadecimal(Colour colour) {
  return fmt::format("#{:02x}{:02x}{:02x}", colour.red, colour.green, colour.blue);
}

Colour diverging_colour(double value) {
  return mixed(kWhite, kLightSeries[value < 0 ? 1 : 0], std::abs(value));
}

}  // namespace sinapse
