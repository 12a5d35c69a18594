// Calendar arithmetic on whole numbers, in an order that ONNX operators can repeat.
#pragma once

#include <array>
#include <cstdint>
#include <string>

namespace sinapse {

inline constexpr int64_t kSecondsPerDay = 86400;

/// Days from 0000-03-01 to 1970-01-01. Years that begin in March end with the leap day.
inline constexpr int64_t kDaysBeforeEpoch = 719468;

/// Further from 1970 than this (years 69 to 3871) a date counts as missing.
inline constexpr double kMaxSeconds = 6e10;

/// The parts of a moment that repeat, each counted from 0, and the year. All of the proleptic
/// Gregorian calendar, UTC.
struct CalendarParts {
  int64_t year = 0;
  int64_t month = 0;         // 0 is March
  int64_t day_of_month = 0;  // 0 is the first
  int64_t weekday = 0;       // 0 is Monday
  int64_t day_of_year = 0;   // 0 is 1 March, 365 is 29 February: a day has its number in every year
  int64_t minute_of_day = 0;
  int64_t hour = 0;
};

/// Parts of a moment in seconds since 1970-01-01, at most kMaxSeconds away from it.
CalendarParts calendar_parts(double seconds);

/// Days since 1970-01-01; month 1-12, day 1-31.
int64_t days_since_epoch(int64_t year, int64_t month, int64_t day);

/// The day as text in a strptime form such as "%d/%m/%Y"; `padded` false writes 5/1/2020 instead
/// of 05/01/2020.
std::string format_day(int64_t days, const std::string& format, bool padded);

}  // namespace sinapse
