#include "data/time_step.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <numeric>

#include <fmt/format.h>

#include "data/date.h"

namespace sinapse {

namespace {

using namespace std::chrono;

constexpr double kDay = 86400, kMeanMonth = 365.2425 / 12 * kDay;
constexpr double kMostSteps = 1e9;  // between two times; more are no steps of a series

struct Moment {
  int64_t month = 0;  // since the year 0
  unsigned day = 1;
  double second = 0;  // of the day
  bool month_end = false;
};

year_month_day_last end_of(int64_t month) {
  const auto years = static_cast<int>((month >= 0 ? month : month - 11) / 12);
  return year{years} / static_cast<int>(month - int64_t{12} * years + 1) / last;
}

Moment moment_of(double time) {
  const double days = std::floor(time / kDay);
  const year_month_day date{sys_days{std::chrono::days{static_cast<int>(days)}}};
  const int64_t month =
      int64_t{12} * static_cast<int>(date.year()) + static_cast<unsigned>(date.month()) - 1;
  return {month, static_cast<unsigned>(date.day()), time - days * kDay,
          date.day() == end_of(month).day()};
}

// Months between all neighbours, if every time is the same day of its month, or its last one.
std::optional<TimeStep> step_of_months(std::span<const std::vector<double>> series) {
  int64_t months = 0;
  bool same_days = true, all_ends = true;
  for (const std::vector<double>& times : series) {
    for (size_t i = 0; i < times.size(); ++i) {
      const Moment first = moment_of(times.front()), now = moment_of(times[i]);
      same_days = same_days && now.day == first.day;
      all_ends = all_ends && now.month_end;
      if (now.second != first.second || (!same_days && !all_ends)) return {};
      if (i > 0) months = std::gcd(months, now.month - moment_of(times[i - 1]).month);
    }
  }
  if (months <= 0) return {};
  return TimeStep{.date = true, .months = months, .month_end = all_ends && !same_days};
}

double smallest_difference(std::span<const std::vector<double>> series) {
  double smallest = std::numeric_limits<double>::infinity();
  for (const std::vector<double>& times : series)
    for (size_t i = 1; i < times.size(); ++i)
      smallest = std::min(smallest, times[i] - times[i - 1]);
  return std::isfinite(smallest) && smallest > 0 ? smallest : 1;
}

}  // namespace

double TimeStep::after(double time, int64_t steps) const {
  if (months == 0) return time + static_cast<double>(steps) * size;
  const Moment moment = moment_of(time);
  const year_month_day_last end = end_of(moment.month + steps * months);
  const unsigned last_day = static_cast<unsigned>(end.day());
  const unsigned day = month_end ? last_day : std::min(moment.day, last_day);
  const sys_days date{year_month_day{end.year(), end.month(), std::chrono::day{day}}};
  return static_cast<double>(date.time_since_epoch().count()) * kDay + moment.second;
}

std::optional<int64_t> TimeStep::between(double from, double to) const {
  const double estimate = (to - from) / approximate_size();
  if (!(std::abs(estimate) < kMostSteps)) return {};
  if (months == 0) {
    const double steps = std::round(estimate);
    if (std::abs(estimate - steps) > 1e-6 * std::max(1.0, std::abs(steps))) return {};
    return static_cast<int64_t>(steps);
  }
  const int64_t difference = moment_of(to).month - moment_of(from).month;
  if (difference % months != 0 || after(from, difference / months) != to) return {};
  return difference / months;
}

double TimeStep::approximate_size() const {
  return months > 0 ? static_cast<double>(months) * kMeanMonth : size;
}

std::string TimeStep::to_text() const {
  const auto counted = [](double count, const char* unit) {
    return fmt::format("{:g} {}{}", count, unit, count == 1 ? "" : "s");
  };
  if (months > 0) {
    return months % 12 == 0 ? counted(static_cast<double>(months) / 12, "year")
                            : counted(static_cast<double>(months), "month");
  }
  if (!date) return fmt::format("{:g}", size);
  if (std::fmod(size, kDay) == 0) return counted(size / kDay, "day");
  if (std::fmod(size, 3600) == 0) return counted(size / 3600, "hour");
  return std::fmod(size, 60) == 0 ? counted(size / 60, "minute") : counted(size, "second");
}

TimeStep find_time_step(std::span<const std::vector<double>> series, bool date) {
  if (date) {
    const auto months = step_of_months(series);
    if (months) return *months;
  }
  return {.date = date, .size = smallest_difference(series)};
}

std::string format_time(double time, bool date) {
  return date ? format_date(time) : fmt::format("{}", time);
}

}  // namespace sinapse
