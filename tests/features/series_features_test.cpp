#include "features/series_features.h"

#include <cmath>
#include <numbers>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <sinapse/error.h>

#include "data/table_reader.h"

namespace sinapse {
namespace {

constexpr TimeStep kMonth{.date = true, .months = 1};

std::vector<double> waves(int64_t n, double period, double slope, double noise = 0) {
  std::vector<double> values;
  uint64_t state = 1;
  for (int64_t i = 0; i < n; ++i) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    values.push_back(std::sin(2 * std::numbers::pi * static_cast<double>(i) / period) +
                     slope * static_cast<double>(i) +
                     noise * (static_cast<double>(state >> 11) / 0x1p53 - 0.5));
  }
  return values;
}

SeriesSet set_of(const std::vector<double>& values) {
  std::string csv = "t,y\n";
  for (size_t i = 0; i < values.size(); ++i) csv += fmt::format("{},{}\n", i, values[i]);
  return read_series(parse_table(csv, "s.csv"), {.time = "t", .target = "y"});
}

TEST(Season, IsFoundUnderATrendAndNoise) {
  EXPECT_EQ(find_season(waves(120, 12, 0.1, 1), kMonth), 12);
  EXPECT_EQ(find_season(waves(200, 25, 0.1, 1), {}), 25);
}

TEST(Season, IsOneWhereNothingRepeats) {
  EXPECT_EQ(find_season(waves(120, 1e9, 0.1, 1), kMonth), 1);
  EXPECT_EQ(find_season(waves(200, 1e9, 0, 1), {}), 1);
  EXPECT_EQ(find_season(std::vector<double>(50, 3.0), {}), 1);
}

TEST(SeriesFeatures, MeasuresFromTheWindowWhereThereIsATrend) {
  const int64_t ends[] = {100};
  EXPECT_TRUE(SeriesFeatures::fit(set_of(waves(120, 10, 0.2)), ends, {.horizon = 5}).window_level);
  EXPECT_FALSE(SeriesFeatures::fit(set_of(waves(120, 10, 0)), ends, {.horizon = 5}).window_level);
}

TEST(SeriesFeatures, EncodesAWindowAndItsTarget) {
  const SeriesSet set = set_of({1, 2, 3, 4, 5, 7, 9, 9, 9, 9});
  const int64_t ends[] = {6};
  SeriesFeatures features =
      SeriesFeatures::fit(set, ends, {.horizon = 2, .window = 3, .gap = 1, .level = "window"});
  ASSERT_EQ(features.future_width(), 0);
  features.standards[0].deviation = 2;
  const Standard standard = features.standard_of(set.series[0], 4);
  EXPECT_EQ(standard.mean, 3);
  std::vector<float> window(3), target(2);
  features.encode(set.series[0], 4, standard, window.data(), nullptr);
  features.encode_target(set.series[0], 4, standard, target.data());
  EXPECT_EQ(window, (std::vector<float>{-0.5f, 0, 0.5f}));
  EXPECT_EQ(target, (std::vector<float>{2, 3}));  // steps 5 and 6
}

TEST(SeriesFeatures, WindowsLieWithinTheirPart) {
  const SeriesSet set = set_of(std::vector<double>{1, 2, 3, 4, 5, 7, 9, 9, 9, 9});
  const int64_t ends[] = {6};
  const auto features = SeriesFeatures::fit(set, ends, {.horizon = 2, .window = 3});
  EXPECT_EQ(features.origins(set.series[0], 0, 6, 1), (std::vector<int64_t>{3, 4}));
  EXPECT_EQ(features.origins(set.series[0], 6, 10, 1), (std::vector<int64_t>{6, 7, 8}));
  EXPECT_EQ(features.origins(set.series[0], 0, 10, 2), (std::vector<int64_t>{3, 5, 7}));
}

TEST(SeriesFeatures, UnknownSeriesAreScaledByTheirWindow) {
  const Table table = parse_table("id,t,y\na,0,1\na,1,2\na,2,3\na,3,5\na,4,8\na,5,9\n", "s.csv");
  SeriesSet set = read_series(table, {.time = "t", .target = "y", .id = "id"});
  const int64_t ends[] = {6};
  const auto features =
      SeriesFeatures::fit(set, ends, {.horizon = 1, .window = 4, .level = "series"});
  EXPECT_NE(features.standard_of(set.series[0], 4).mean, 2.75);
  set.series[0].id = "new";
  const Standard standard = features.standard_of(set.series[0], 4);
  EXPECT_EQ(standard.mean, 2.75);
  EXPECT_NEAR(standard.deviation, std::sqrt(2.1875), 1e-12);
}

TEST(SeriesFeatures, DatesKnowTheirPlaceInTheYear) {
  std::string csv = "t,y\n";
  for (int i = 0; i < 30; ++i) csv += fmt::format("{}-{:02}-01,{}\n", 2000 + i / 12, i % 12 + 1, i);
  const SeriesSet set = read_series(parse_table(csv, "s.csv"), {.time = "t", .target = "y"});
  const int64_t ends[] = {30};
  const auto features = SeriesFeatures::fit(set, ends, {.horizon = 2, .window = 4});
  EXPECT_EQ(features.periods().size(), 1u);  // the year; weeks are shorter than a step
  std::vector<float> window(4), first(2), later(2);
  features.encode(set.series[0], 4, {}, window.data(), first.data());
  features.encode(set.series[0], 16, {}, window.data(), later.data());
  for (int i = 0; i < 2; ++i) EXPECT_NEAR(first[i], later[i], 0.02);
}

TEST(SeriesFeatures, RejectsASeriesThatIsTooShort) {
  const int64_t ends[] = {6};
  const SeriesSet set = set_of({1, 2, 3, 4, 5, 7, 9});
  try {
    SeriesFeatures::fit(set, ends, {.horizon = 3, .window = 4});
    ADD_FAILURE();
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("need 7"), std::string::npos) << error.what();
  }
  EXPECT_THROW(SeriesFeatures::fit(set, ends, {.horizon = 6}), Error);
  EXPECT_THROW(SeriesFeatures::fit(set, ends, {.horizon = 0}), Error);
  EXPECT_THROW(SeriesFeatures::fit(set, ends, {.horizon = 1, .level = "mean"}), Error);
  EXPECT_THROW(SeriesFeatures::fit(set_of(std::vector<double>(9, 2.0)), ends, {.horizon = 1}),
               Error);
}

TEST(SeriesFeatures, AreTheSameAfterStoring) {
  const SeriesSet set = set_of(waves(60, 10, 0.2, 0.3));
  const int64_t ends[] = {50};
  const auto features = SeriesFeatures::fit(set, ends, {.horizon = 4});
  const std::string stored = features.to_json();
  EXPECT_EQ(SeriesFeatures::from_json(stored).to_json(), stored);
  EXPECT_THROW(SeriesFeatures::from_json("{}"), Error);
  std::string damaged = stored;
  damaged.replace(damaged.find("\"horizon\":4"), 11, "\"horizon\":0");
  EXPECT_THROW(SeriesFeatures::from_json(damaged), Error);
}

}  // namespace
}  // namespace sinapse
