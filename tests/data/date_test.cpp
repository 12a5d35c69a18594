#include "data/date.h"

#include <gtest/gtest.h>

namespace sinapse {
namespace {

TEST(ParseDate, ReadsTheCalendar) {
  EXPECT_EQ(parse_date("1970-01-01", "%Y-%m-%d"), 0);
  EXPECT_EQ(parse_date("1969-12-31", "%Y-%m-%d"), -86400);
  EXPECT_EQ(parse_date("2024-02-29T12:30:15.5", "%Y-%m-%dT%H:%M:%S"), 1709209815.5);
  EXPECT_EQ(parse_date("2023-02-29", "%Y-%m-%d"), std::nullopt);
  EXPECT_EQ(parse_date("2023-13-01", "%Y-%m-%d"), std::nullopt);
  EXPECT_EQ(parse_date("2023-01-01x", "%Y-%m-%d"), std::nullopt);
}

TEST(ParseDate, ReadsTimeZones) {
  for (const char* text : {"1970-01-01T02:30+02:30", "1970-01-01T02:30+0230", "1970-01-01T00:00Z",
                           "1969-12-31T21:00-03"})
    EXPECT_EQ(parse_date(text, "%Y-%m-%dT%H:%M%z"), 0) << text;
}

TEST(ParseDate, ReadsHalvesOfTheDay) {
  EXPECT_EQ(parse_date("1970-01-01 12:05 AM", "%Y-%m-%d %I:%M %p"), 300);
  EXPECT_EQ(parse_date("1970-01-01 12:05 pm", "%Y-%m-%d %I:%M %p"), 43500);
}

TEST(DetectDateFormat, KnowsUsualFormats) {
  const std::vector<std::pair<const char*, const char*>> examples = {
      {"2024-01-31", "%Y-%m-%d"},
      {"2024/01/31", "%Y/%m/%d"},
      {"31/01/2024", "%d/%m/%Y"},
      {"01/31/2024", "%m/%d/%Y"},
      {"31.1.2024", "%d.%m.%Y"},
      {"2024-01-31 23:59", "%Y-%m-%d %H:%M"},
      {"2024-01-31T23:59:59Z", "%Y-%m-%dT%H:%M:%S%z"},
      {"31 Jan 2024", "%d %b %Y"},
      {"Jan 31, 2024", "%b %d, %Y"},
  };
  for (const auto& [text, format] : examples) EXPECT_EQ(detect_date_format({text}), format) << text;
}

TEST(DetectDateFormat, KnowsWhatIsNoDate) {
  for (const char* text : {"", "2024", "1.2.3", "12:30", "red", "2024-01-32"})
    EXPECT_EQ(detect_date_format({text}), std::nullopt) << text;
}

TEST(FormatDate, WritesIso8601) {
  EXPECT_EQ(format_date(0), "1970-01-01");
  EXPECT_EQ(format_date(-1), "1969-12-31T23:59:59");
}

}  // namespace
}  // namespace sinapse
