#include "features/date_feature.h"

#include <map>

#include <gtest/gtest.h>

#include "data/date.h"
#include "features/columns.h"

namespace sinapse {
namespace {

double at(int64_t year, int64_t month, int64_t day) {
  return static_cast<double>(days_since_epoch(year, month, day) * kSecondsPerDay);
}

std::optional<DateFeature> fit(const std::vector<double>& seconds,
                               const std::string& format = "%Y-%m-%d") {
  std::string remark;
  return fit_date(date_column("sold", seconds, format),
                  all_rows(static_cast<int64_t>(seconds.size())), {}, remark);
}

std::map<std::string, float> encoded(const DateFeature& feature, double seconds) {
  std::vector<float> values(feature.width(), -9.0f);
  feature.encode(seconds, values.data());
  std::map<std::string, float> by_name;
  const std::vector<std::string> names = feature.names();
  for (size_t i = 0; i < values.size(); ++i) by_name[names[i]] = values[i];
  return by_name;
}

TEST(Calendar, CountsKnownDays) {
  EXPECT_EQ(days_since_epoch(1970, 1, 1), 0);
  EXPECT_EQ(days_since_epoch(2000, 2, 29), 11016);
  EXPECT_EQ(days_since_epoch(1900, 3, 1), -25508);
}

TEST(Calendar, FindsThePartsOfEveryDay) {
  int64_t day = days_since_epoch(1896, 1, 1);
  for (int64_t year = 1896; year < 2105; ++year)
    for (int64_t month = 1; month <= 12; ++month) {
      const int64_t next =
          month == 12 ? days_since_epoch(year + 1, 1, 1) : days_since_epoch(year, month + 1, 1);
      for (int64_t of_month = 0; day < next; ++day, ++of_month) {
        const CalendarParts parts = calendar_parts(static_cast<double>(day * kSecondsPerDay));
        ASSERT_EQ(parts.year, year);
        ASSERT_EQ((parts.month + 2) % 12 + 1, month);
        ASSERT_EQ(parts.day_of_month, of_month);
        ASSERT_EQ(parts.weekday, ((day + 3) % 7 + 7) % 7);
      }
    }
}

TEST(Calendar, WritesDaysWithAndWithoutLeadingZeros) {
  const int64_t day = days_since_epoch(2021, 3, 7);
  EXPECT_EQ(format_day(day, "%d/%m/%Y", true), "07/03/2021");
  EXPECT_EQ(format_day(day, "%d/%m/%Y", false), "7/3/2021");
  EXPECT_EQ(format_day(day, "%a %b %d, %y (100%%d)", false), "Sun Mar 7, 21 (100%d)");
}

TEST(DateFeature, PutsPartsOnCircles) {
  const auto feature = fit({at(2019, 1, 5), at(2020, 7, 30), at(2021, 12, 31)});
  auto values = encoded(*feature, at(2021, 1, 1));  // a Friday
  EXPECT_NEAR(values.at("sold: month sine"), std::sin(2 * M_PI * 0 / 12), 1e-6);
  EXPECT_NEAR(values.at("sold: month cosine"), 1, 1e-6);
  EXPECT_NEAR(values.at("sold: weekday sine"), std::sin(2 * M_PI * 4 / 7), 1e-6);
  EXPECT_NEAR(values.at("sold: day of month cosine"), 1, 1e-6);
  EXPECT_NEAR(values.at("sold: day of year sine"), 0, 1e-6);
  EXPECT_NEAR(values.at("sold: day of year cosine"), 1, 1e-6);
  EXPECT_NEAR(values.at("sold: year"), std::sqrt(1.5), 1e-6);
  values = encoded(*feature, at(2021, 10, 1));
  EXPECT_NEAR(values.at("sold: month sine"), -1, 1e-6);
  EXPECT_EQ(values.count("sold: time of day sine"), 0u);
}

TEST(DateFeature, LeavesOutPartsThatDoNotVary) {
  const auto feature = fit({at(2020, 1, 1), at(2020, 2, 1), at(2020, 3, 1)});
  const auto values = encoded(*feature, at(2020, 2, 1));
  EXPECT_EQ(values.count("sold: year"), 0u);
  EXPECT_EQ(values.count("sold: day of month sine"), 0u);
  EXPECT_EQ(values.count("sold: elapsed time"), 1u);
}

TEST(DateFeature, UnknownDatesAreZerosAndMarked) {
  const auto feature = fit({at(2020, 1, 1), kMissing, at(2021, 3, 1)});
  for (const double seconds : {kMissing, 1e18, -HUGE_VAL, at(1950, 1, 1)})
    for (const auto& [name, value] : encoded(*feature, seconds))
      EXPECT_EQ(value, name == "sold is missing" ? 1 : 0) << name << seconds;
  EXPECT_EQ(encoded(*feature, at(2020, 5, 5)).at("sold is missing"), 0);
}

TEST(DateFeature, SeesTheTimeOfDay) {
  const auto feature = fit({at(2020, 1, 1) + 6 * 3600, at(2020, 1, 2)});
  EXPECT_TRUE(feature->has_time);
  EXPECT_NEAR(encoded(*feature, at(2020, 1, 1) + 6 * 3600).at("sold: time of day sine"), 1, 1e-6);
  EXPECT_TRUE(fit({at(2020, 1, 1), at(2020, 1, 2)}, "%Y-%m-%d %H:%M")->has_time);
  EXPECT_FALSE(fit({at(2020, 1, 1), at(2020, 1, 2)})->has_time);
}

TEST(DateFeature, DictionaryCoversTrainingAndRoomAroundIt) {
  const auto feature = fit({at(2010, 6, 1), at(2020, 6, 1)}, "%d.%m.%Y");
  const auto days = feature->days_by_text();
  const std::map<std::string, float> by_text(days.begin(), days.end());
  EXPECT_EQ(by_text.size(), days.size());
  EXPECT_EQ(by_text.at("01.06.2000"), static_cast<float>(days_since_epoch(2000, 6, 1)));
  EXPECT_EQ(by_text.at("1.6.2049"), static_cast<float>(days_since_epoch(2049, 6, 1)));
  EXPECT_EQ(by_text.count("01.01.1990"), 0u);
}

TEST(DateFeature, DictionaryStaysBetween1900And2100) {
  const auto feature = fit({at(1903, 6, 1), at(2090, 6, 1)});
  EXPECT_EQ(feature->first_day, days_since_epoch(1900, 1, 1));
  EXPECT_EQ(feature->last_day, days_since_epoch(2100, 12, 31));
}

TEST(DateFeature, DictionaryReadsEveryTextAsTheReaderDoes) {
  for (const std::string format :
       {"%Y-%m-%d", "%d/%m/%Y", "%m/%d/%y", "%d-%b-%Y", "%B %d, %Y", "%Y-%m", "%b %Y"}) {
    const auto days = fit({at(2019, 4, 17), at(2021, 3, 1)}, format)->days_by_text();
    EXPECT_GT(days.size(), 400u) << format;
    for (const auto& [text, day] : days)
      ASSERT_EQ(parse_date(text, format), static_cast<double>(day) * kSecondsPerDay) << text;
  }
}

TEST(DateFeature, LongHistoriesAreNumbersInTheModelFile) {
  EXPECT_TRUE(fit({at(1500, 1, 1), at(2000, 1, 1)})->has_time);
}

TEST(DateFeature, LeavesOutASingleDate) {
  EXPECT_FALSE(fit({at(2020, 1, 1), at(2020, 1, 1)}));
  EXPECT_FALSE(fit({kMissing, kMissing}));
}

}  // namespace
}  // namespace sinapse
