#include "data/date.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>

#include <fmt/format.h>

namespace sinapse {

namespace {

// Of formats that fit equally well, the first is taken: day before month.
constexpr std::array<std::string_view, 21> kDays = {
    "%Y-%m-%d",  "%Y/%m/%d", "%Y.%m.%d", "%d/%m/%Y",  "%m/%d/%Y", "%d.%m.%Y", "%d-%m-%Y",
    "%m-%d-%Y",  "%d/%m/%y", "%m/%d/%y", "%d.%m.%y",  "%d-%b-%Y", "%d %b %Y", "%b %d %Y",
    "%b %d, %Y", "%d-%b-%y", "%d %B %Y", "%B %d, %Y", "%B %d %Y", "%Y-%m",    "%b %Y"};
constexpr std::array<std::string_view, 12> kTimes = {
    "",         " %H:%M",      " %H:%M:%S",    "T%H:%M",   "T%H:%M:%S",    "T%H:%M:%S%z",
    "T%H:%M%z", " %H:%M:%S%z", " %H:%M:%S %z", " %H:%M%z", " %I:%M:%S %p", " %I:%M %p"};
constexpr std::array<std::string_view, 12> kMonths = {
    "january", "february", "march",     "april",   "may",      "june",
    "july",    "august",   "september", "october", "november", "december"};

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

class DateParser {
 public:
  explicit DateParser(std::string_view text) : text_(text) {}

  bool fits(std::string_view format) {
    for (size_t i = 0; i < format.size(); ++i) {
      const bool code = format[i] == '%' && i + 1 < format.size();
      if (!(code ? take(format[++i]) : take_literal(format[i]))) return false;
    }
    return text_.empty();
  }

  std::optional<double> seconds() const {
    using namespace std::chrono;
    const int hour = half_of_day_ < 0 ? hour_ : hour_ % 12 + 12 * half_of_day_;
    const year_month_day date{year(year_), month(static_cast<unsigned>(month_)),
                              day(static_cast<unsigned>(day_))};
    if (!date.ok() || hour > 23 || minute_ > 59 || second_ >= 60) return std::nullopt;
    const double days = static_cast<double>(sys_days(date).time_since_epoch().count());
    return days * 86400 + hour * 3600 + (minute_ - zone_minutes_) * 60 + second_;
  }

 private:
  bool take(char code) {
    switch (code) {
      case 'Y':
        return take_number(4, 4, year_);
      case 'y':
        return take_short_year();
      case 'm':
        return take_number(1, 2, month_);
      case 'd':
        return take_number(1, 2, day_);
      case 'b':
        return take_month(3);
      case 'B':
        return take_month(0);
      case 'H':
        return take_number(1, 2, hour_);
      case 'I':
        return take_number(1, 2, hour_) && hour_ >= 1 && hour_ <= 12;
      case 'M':
        return take_number(2, 2, minute_);
      case 'S':
        return take_seconds();
      case 'p':
        return take_half_of_day();
      case 'z':
        return take_zone();
      default:
        return false;
    }
  }

  bool take_literal(char c) {
    if (text_.empty() || lower(text_[0]) != lower(c)) return false;
    text_.remove_prefix(1);
    return true;
  }

  bool take_number(size_t min_digits, size_t max_digits, int& value) {
    size_t count = 0;
    value = 0;
    while (count < max_digits && count < text_.size() && is_digit(text_[count]))
      value = 10 * value + (text_[count++] - '0');
    text_.remove_prefix(count);
    return count >= min_digits;
  }

  bool take_short_year() {
    if (!take_number(2, 2, year_)) return false;
    year_ += year_ < 69 ? 2000 : 1900;
    return true;
  }

  // The first `letters` of the month's English name, or all of it for 0.
  bool take_month(size_t letters) {
    for (size_t i = 0; i < kMonths.size(); ++i) {
      const std::string_view name =
          kMonths[i].substr(0, letters == 0 ? std::string_view::npos : letters);
      if (text_.size() < name.size()) continue;
      if (!std::equal(name.begin(), name.end(), text_.begin(),
                      [](char a, char b) { return a == lower(b); }))
        continue;
      text_.remove_prefix(name.size());
      month_ = static_cast<int>(i) + 1;
      return true;
    }
    return false;
  }

  bool take_seconds() {
    int whole = 0;
    if (!take_number(2, 2, whole)) return false;
    second_ = whole;
    if (text_.size() < 2 || (text_[0] != '.' && text_[0] != ',') || !is_digit(text_[1]))
      return true;
    text_.remove_prefix(1);
    for (double unit = 0.1; !text_.empty() && is_digit(text_[0]);
         unit /= 10, text_.remove_prefix(1))
      second_ += unit * (text_[0] - '0');
    return true;
  }

  bool take_half_of_day() {
    if (text_.size() < 2 || lower(text_[1]) != 'm') return false;
    const char first = lower(text_[0]);
    if (first != 'a' && first != 'p') return false;
    half_of_day_ = first == 'p' ? 1 : 0;
    text_.remove_prefix(2);
    return true;
  }

  bool take_zone() {
    if (take_literal('Z')) return true;
    const int sign = take_literal('+') ? 1 : take_literal('-') ? -1 : 0;
    int hours = 0, minutes = 0;
    if (sign == 0 || !take_number(2, 2, hours)) return false;
    if (take_literal(':') || (!text_.empty() && is_digit(text_[0])))
      if (!take_number(2, 2, minutes)) return false;
    zone_minutes_ = sign * (60 * hours + minutes);
    return hours < 24 && minutes < 60;
  }

  std::string_view text_;
  int year_ = 1970, month_ = 1, day_ = 1, hour_ = 0, minute_ = 0, zone_minutes_ = 0;
  double second_ = 0;
  int half_of_day_ = -1;  // 0 in the morning, 1 in the afternoon, -1 if not said
};

bool fits_all(const std::vector<std::string_view>& texts, std::string_view format) {
  return std::all_of(texts.begin(), texts.end(),
                     [&](auto text) { return parse_date(text, format); });
}

}  // namespace

std::optional<double> parse_date(std::string_view text, std::string_view format) {
  DateParser parser(text);
  return parser.fits(format) ? parser.seconds() : std::nullopt;
}

std::optional<std::string> detect_date_format(const std::vector<std::string_view>& texts) {
  if (texts.empty() || texts.front().size() > kLongestDate) return std::nullopt;
  for (const std::string_view day : kDays)
    for (const std::string_view time : kTimes) {
      std::string format = fmt::format("{}{}", day, time);
      if (fits_all(texts, format)) return format;
    }
  return std::nullopt;
}

std::vector<std::string> known_date_formats() {
  std::vector<std::string> formats;
  for (const std::string_view day : kDays)
    for (const std::string_view time : kTimes) formats.push_back(fmt::format("{}{}", day, time));
  return formats;
}

std::optional<std::string> exchange_day_and_month(std::string_view format) {
  const size_t day = format.find("%d"), month = format.find("%m"), year = format.find("%Y");
  if (day == format.npos || month == format.npos || year == 0) return std::nullopt;
  std::string exchanged(format);
  std::swap(exchanged[day + 1], exchanged[month + 1]);
  return exchanged;
}

std::string format_date(double seconds) {
  using namespace std::chrono;
  const double days = std::floor(seconds / 86400);
  const auto rest = static_cast<int>(seconds - days * 86400);
  const year_month_day date{sys_days{std::chrono::days{static_cast<int>(days)}}};
  std::string text =
      fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()),
                  static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
  if (rest != 0) text += fmt::format("T{:02}:{:02}:{:02}", rest / 3600, rest / 60 % 60, rest % 60);
  return text;
}

}  // namespace sinapse
