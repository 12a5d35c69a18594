#include "features/calendar.h"

#include <cmath>
#include <ctime>

namespace sinapse {

namespace {

constexpr int64_t kDaysPerEra = 146097;  // 400 years

std::tm broken_down(int64_t days) {
  const CalendarParts parts = calendar_parts(static_cast<double>(days * kSecondsPerDay));
  std::tm time = {};
  time.tm_year = static_cast<int>(parts.year - 1900);
  time.tm_mon = static_cast<int>((parts.month + 2) % 12);
  time.tm_mday = static_cast<int>(parts.day_of_month + 1);
  time.tm_wday = static_cast<int>((parts.weekday + 1) % 7);
  time.tm_yday = static_cast<int>(days - days_since_epoch(parts.year, 1, 1));
  return time;
}

// "%d" -> "%-d", likewise the other numbers that are often written without a leading zero.
std::string without_padding(const std::string& format) {
  std::string result;
  for (size_t i = 0; i < format.size(); ++i) {
    result += format[i];
    const bool escaped = format[i] == '%' && i + 1 < format.size();
    if (!escaped) continue;
    if (format[i + 1] == 'd' || format[i + 1] == 'm') result += '-';
    result += format[++i];
  }
  return result;
}

}  // namespace

// Days and years are counted in eras of 400 years; Howard Hinnant, "chrono-compatible low-level
// date algorithms" (2013).
CalendarParts calendar_parts(double seconds) {
  const int64_t shifted =
      static_cast<int64_t>(std::floor(seconds)) + kDaysBeforeEpoch * kSecondsPerDay;
  const int64_t days = shifted / kSecondsPerDay;
  const int64_t era = days / kDaysPerEra;
  const int64_t day_of_era = days - era * kDaysPerEra;
  const int64_t year_of_era =
      (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  CalendarParts parts;
  parts.day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  parts.month = (5 * parts.day_of_year + 2) / 153;
  parts.day_of_month = parts.day_of_year - (153 * parts.month + 2) / 5;
  parts.year = year_of_era + era * 400 + parts.month / 10;
  parts.weekday = (days + 2) - (days + 2) / 7 * 7;
  parts.minute_of_day = (shifted - days * kSecondsPerDay) / 60;
  parts.hour = parts.minute_of_day / 60;
  return parts;
}

int64_t days_since_epoch(int64_t year, int64_t month, int64_t day) {
  const int64_t march_year = month > 2 ? year : year - 1;
  const int64_t era = march_year / 400;
  const int64_t year_of_era = march_year - era * 400;
  const int64_t day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
  const int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * kDaysPerEra + day_of_era - kDaysBeforeEpoch;
}

std::string format_day(int64_t days, const std::string& format, bool padded) {
  const std::tm time = broken_down(days);
  const std::string form = padded ? format : without_padding(format);
  char text[128];
  const size_t length = std::strftime(text, sizeof text, form.c_str(), &time);
  return std::string(text, length);
}

}  // namespace sinapse
