#include "data/duration.h"

#include <charconv>
#include <cmath>
#include <iterator>

#include <fmt/format.h>

namespace sinapse {

namespace {

struct Unit {
  char letter;
  double seconds;
};
constexpr Unit kUnits[] = {{'d', 86400}, {'h', 3600}, {'m', 60}, {'s', 1}};  // longest first

}  // namespace

std::optional<std::chrono::duration<double>> parse_duration(std::string_view text) {
  double number = 0, factor = 1;
  const char* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc{} || end - rest > 1) return {};
  if (rest != end) {
    factor = 0;
    for (const Unit& unit : kUnits) {
      if (*rest == unit.letter) factor = unit.seconds;
    }
  }
  const double seconds = number * factor;
  if (factor == 0 || !std::isfinite(seconds) || std::signbit(seconds)) return {};
  return std::chrono::duration<double>(seconds);
}

std::string duration_text(std::chrono::duration<double> duration) {
  const double seconds = duration.count();
  if (seconds == 0) return "0";
  for (const Unit& unit : kUnits) {
    const double number = seconds / unit.seconds;
    if (number == std::floor(number) && number * unit.seconds == seconds) {
      return fmt::format("{:.0f}{}", number, unit.letter);
    }
  }
  return fmt::format("{}s", seconds);
}

}  // namespace sinapse
