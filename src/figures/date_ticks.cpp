#include "figures/date_ticks.h"

#include <algorithm>
#include <chrono>
#include <cmath>

#include <fmt/format.h>

namespace sinapse {

namespace {

constexpr double kMinute = 60, kHour = 3600, kDay = 86400;
constexpr double kMonth = 365.2425 / 12 * kDay, kYear = 365.2425 * kDay;
constexpr double kCalendarEnds = 9e11;  // 28,000 years from 1970

/// `count` of a unit from one tick to the next.
struct Step {
  double unit = kYear;
  int64_t count = 1;
  double seconds() const { return unit * static_cast<double>(count); }
};

constexpr Step kSteps[] = {{kMinute, 1}, {kMinute, 5}, {kMinute, 15}, {kMinute, 30}, {kHour, 1},
                           {kHour, 3},   {kHour, 6},   {kHour, 12},   {kDay, 1},     {kDay, 2},
                           {kDay, 7},    {kDay, 14},   {kMonth, 1},   {kMonth, 3},   {kMonth, 6}};

Step step_for(double wanted) {
  for (const Step& step : kSteps)
    if (step.seconds() >= wanted) return step;
  for (int64_t years = 1;; years *= 10)
    for (const int64_t factor : {1, 2, 5})
      if (Step{kYear, factor * years}.seconds() >= wanted) return {kYear, factor * years};
}

struct Date {
  int64_t year = 0;
  unsigned month = 1, day = 1;
  int64_t months() const { return year * 12 + month - 1; }
};

Date date_of(double seconds) {
  const auto days = static_cast<int>(std::floor(seconds / kDay));
  const std::chrono::year_month_day date{std::chrono::sys_days{std::chrono::days{days}}};
  return {static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
          static_cast<unsigned>(date.day())};
}

// Of the first day of a month, counted from that of year 0.
double seconds_of_month(int64_t months) {
  const int64_t year = months >= 0 ? months / 12 : (months - 11) / 12;
  const std::chrono::year_month_day date{
      std::chrono::year{static_cast<int>(year)},
      std::chrono::month{static_cast<unsigned>(months - year * 12 + 1)}, std::chrono::day{1}};
  return kDay * static_cast<double>(std::chrono::sys_days{date}.time_since_epoch().count());
}

std::vector<double> months_within(Range range, int64_t every) {
  const int64_t before = date_of(range.low).months();
  std::vector<double> times;
  for (int64_t month = before - ((before % every) + every) % every;; month += every) {
    const double time = seconds_of_month(month);
    if (time > range.high) return times;
    if (time >= range.low) times.push_back(time);
  }
}

std::vector<double> multiples_within(Range range, double step, double from) {
  std::vector<double> times;
  for (double n = std::ceil((range.low - from) / step); from + n * step <= range.high; ++n)
    times.push_back(from + n * step);
  return times;
}

std::string label_of(double time, const Step& step) {
  const Date date = date_of(time);
  if (step.unit == kYear) return fmt::format("{}", date.year);
  if (step.unit == kMonth) return fmt::format("{}-{:02}", date.year, date.month);
  if (step.unit == kDay) return fmt::format("{}-{:02}-{:02}", date.year, date.month, date.day);
  const auto minutes =
      static_cast<int64_t>(std::llround((time - std::floor(time / kDay) * kDay) / kMinute));
  return fmt::format("{:02}-{:02} {:02}:{:02}", date.month, date.day, minutes / 60, minutes % 60);
}

}  // namespace

std::vector<Tick> date_ticks(Range seconds, int count) {
  if (!(seconds.low > -kCalendarEnds && seconds.high < kCalendarEnds)) return {};
  const double span = std::max(seconds.high - seconds.low, kMinute);
  const Step step = step_for(span / std::max(1, count));
  constexpr double kFirstMonday = 4 * kDay;  // 1970-01-05
  const std::vector<double> times =
      step.unit == kYear ? months_within(seconds, 12 * step.count)
      : step.unit == kMonth
          ? months_within(seconds, step.count)
          : multiples_within(seconds, step.seconds(), step.unit == kDay ? kFirstMonday : 0);
  std::vector<Tick> ticks;
  for (const double time : times) ticks.push_back({time, label_of(time, step)});
  return ticks;
}

}  // namespace sinapse
