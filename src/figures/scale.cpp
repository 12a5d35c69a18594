#include "figures/scale.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

namespace sinapse {

namespace {

constexpr int kMostTicks = 100;
constexpr double kSmallest = 1e-300, kLargest = 1e300;  // that axes show

// The round number nearest above: 1, 2, 2.5 or 5 times a power of ten.
double round_step(double step) {
  const double power = std::pow(10, std::floor(std::log10(step)));
  for (const double factor : {1.0, 2.0, 2.5, 5.0}) {
    if (factor * power >= step * (1 - 1e-9)) return factor * power;
  }
  return 10 * power;
}

int decimals_of(double step) {
  for (int decimals = 0; decimals < 15; ++decimals) {
    const double scaled = step * std::pow(10, decimals);
    if (std::abs(scaled - std::round(scaled)) < 1e-6 * scaled) return decimals;
  }
  return 15;
}

std::string with_commas(std::string digits) {
  const size_t start = digits.starts_with('-') ? 1 : 0;
  const size_t end = std::min(digits.find('.'), digits.size());
  for (size_t at = end; at > start + 3; at -= 3) digits.insert(at - 3, ",");
  return digits;
}

std::string label_of(double value, double step, double largest) {
  if (value == 0) return "0";
  if (largest >= 1e7 || largest < 1e-4) return fmt::format("{:.4g}", value);
  const std::string text = fmt::format("{:.{}f}", value, decimals_of(step));
  return largest >= 10000 ? with_commas(text) : text;
}

std::vector<Tick> linear_ticks(Range range, int count, bool whole) {
  double step = round_step((range.high - range.low) / std::max(1, count));
  if (whole) step = step == 2.5 ? 5 : std::max(step, 1.0);
  const double largest = std::max(std::abs(range.low), std::abs(range.high));
  std::vector<Tick> ticks;
  const double first = std::ceil(range.low / step - 1e-9);
  for (int i = 0; i < kMostTicks; ++i) {
    const double count_of_steps = first + i;
    const double value = std::abs(count_of_steps) < 0.5 ? 0 : count_of_steps * step;
    if (!(value <= range.high + 1e-9 * step)) break;
    if (!ticks.empty() && value <= ticks.back().value) continue;  // the step is below precision
    ticks.push_back({value, label_of(value, step, largest)});
  }
  return ticks;
}

// 1, 2 and 5 times powers of ten, where there are few powers alone.
std::vector<Tick> parts_of_decades(Range range, int count) {
  std::vector<Tick> ticks;
  const double first = std::pow(10, std::floor(std::log10(std::max(range.low, kSmallest))));
  for (double power = first; power <= range.high; power *= 10) {
    for (const double factor : {1.0, 2.0, 5.0}) {
      const double value = factor * power;
      if (value < range.low || value > range.high) continue;
      ticks.push_back({value, fmt::format("{:g}", value)});
    }
  }
  return ticks.size() >= 3 ? ticks : linear_ticks(range, count, false);
}

// Powers of ten, from the largest downwards.
std::vector<Tick> decades(Range range, int count) {
  const int low = static_cast<int>(std::ceil(std::log10(range.low) - 1e-9));
  const int high = static_cast<int>(std::floor(std::log10(range.high) + 1e-9));
  if (high - low < 2) return parts_of_decades(range, count);
  const int every = std::max(1, (high - low + count - 1) / count);
  const bool short_labels = low >= -3 && high <= 4;
  std::vector<Tick> ticks;
  for (int power = high; power >= low; power -= every) {
    const double value = std::pow(10, power);
    ticks.push_back({value, short_labels || power == 0 ? fmt::format("{:g}", value)
                                                       : fmt::format("1e{}", power)});
  }
  return ticks;
}

Range widened(Range range, bool logarithmic) {
  if (range.empty()) return logarithmic ? Range{0.1, 1} : Range{0, 1};
  if (range.low < range.high) return range;
  if (logarithmic) return {range.low / 2, range.high * 2};
  const double margin = range.low == 0 ? 1 : std::abs(range.low) / 2;
  const bool is_share = range.low > 0.5 && range.low <= 1;  // probably: more than 1 is none
  return {range.low - margin, is_share ? 1 : range.high + margin};
}

}  // namespace

bool can_place(double value) {
  return std::abs(value) <= kLargest;
}

void Range::include(double value) {
  if (!can_place(value)) return;
  low = std::min(low, value);
  high = std::max(high, value);
}

Range Range::nothing() {
  return {std::numeric_limits<double>::infinity(), -std::numeric_limits<double>::infinity()};
}

Scale::Scale(Range range, double from, double to, bool logarithmic)
    : range_(widened(range, logarithmic)), from_(from), to_(to), logarithmic_(logarithmic) {}

double Scale::place(double value) const {
  const auto at = [&](double x) { return logarithmic_ ? std::log10(x) : x; };
  const double share = (at(value) - at(range_.low)) / (at(range_.high) - at(range_.low));
  return from_ + (to_ - from_) * share;
}

std::vector<Tick> Scale::ticks(int count, bool whole) const {
  return logarithmic_ ? decades(range_, count) : linear_ticks(range_, count, whole);
}

Range rounded(Range range, int count) {
  range = widened(range, false);
  const double step = round_step((range.high - range.low) / std::max(1, count));
  return {std::floor(range.low / step + 1e-9) * step, std::ceil(range.high / step - 1e-9) * step};
}

std::string readable(double value) {
  const double size = std::abs(value);
  if (size >= 10000 && size < 1e15) return with_commas(fmt::format("{:.0f}", value));
  return fmt::format("{:.4g}", value);
}

}  // namespace sinapse
