// Calendar dates in the forms people write them.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sinapse {

/// Seconds since 1970-01-01 UTC of a text in a strptime format with %Y %y %m %d %b %B %H %I %M %S
/// %p and %z; nothing if it does not fit or names no day of the calendar. %S takes fractions of a
/// second; %z takes Z, +hh, +hhmm and +hh:mm; two-digit years are 1969 to 2068.
std::optional<double> parse_date(std::string_view text, std::string_view format);

/// The first known format that fits every text, or nothing.
std::optional<std::string> detect_date_format(const std::vector<std::string_view>& texts);

/// All formats that are known, in the order in which they are tried.
std::vector<std::string> known_date_formats();

inline constexpr size_t kLongestDate = 60;  // letters

/// The format with days and months exchanged ("%d/%m/%Y" for "%m/%d/%Y"), or nothing.
std::optional<std::string> exchange_day_and_month(std::string_view format);

/// ISO 8601: "2024-02-29", or "2024-02-29T12:30:00" if the time of day is not midnight.
std::string format_date(double seconds);

}  // namespace sinapse
