// The distance between two steps of a time series: months of the calendar, or a fixed size.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace sinapse {

/// Times are seconds since 1970-01-01 UTC if `date`, else plain numbers.
struct TimeStep {
  bool date = false;
  int64_t months = 0;      // > 0: so many months of the calendar; else `size`
  bool month_end = false;  // every time is the last day of its month
  double size = 1;         // seconds, or units of the number

  bool operator==(const TimeStep&) const = default;

  /// The time so many steps later (or earlier).
  double after(double time, int64_t steps) const;

  /// How many steps lie between two times; nothing if it is no whole number of them.
  std::optional<int64_t> between(double from, double to) const;

  double approximate_size() const;  ///< of one step, in seconds or units

  std::string to_text() const;  ///< "1 month", "7 days", "0.5"
};

/// The step of series whose times rise: the smallest one that leads from each time to the next, as
/// far as they are regular at all; between() tells where they are not.
TimeStep find_time_step(std::span<const std::vector<double>> series, bool date);

/// A time as a cell: a date in ISO form, or the number.
std::string format_time(double time, bool date);

}  // namespace sinapse
