// Scalings against scikit-learn (tests/golden/make_features.py), and at the edges.
#include "features/scaling.h"

#include <fstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "features/columns.h"
#include "network/expect_words.h"
#include "paths.h"

namespace sinapse {
namespace {

std::optional<NumberFeature> fit(const std::string& scale, const std::vector<double>& values) {
  std::string remark;
  return fit_number(number_column("x", values), all_rows(static_cast<int64_t>(values.size())),
                    parse_scaling(scale), remark);
}

TEST(Scaling, GivesScikitLearnsNumbers) {
  std::ifstream file(source_path("tests/golden/features.json"));
  const auto cases = nlohmann::json::parse(file)["numbers"];
  ASSERT_GT(cases.size(), 20u);
  for (const auto& one : cases) {
    auto x = one["values"].get<std::vector<double>>();
    const auto feature = fit(one["scale"], x);
    ASSERT_TRUE(feature) << one["scale"];
    for (const double other : one["others"]) x.push_back(other);
    for (size_t i = 0; i < x.size(); ++i) {
      const double expected = one["expected"][i];
      const double rounding =
          feature->wide ? 0 : 0x1p-23 * std::abs(x[i]) * feature->scale;  // of x
      EXPECT_NEAR((*feature)(x[i]), expected, 2e-6 * std::max(1.0, std::abs(expected)) + rounding)
          << one["scale"] << " of " << x[i];
    }
  }
}

TEST(Scaling, RobustStaysInsideItsBoundHoweverFarTheOutlier) {
  const auto feature = fit("robust", {1, 2, 3, 4, 5, 1e6});
  for (const double x : {1e6, 1e20, 1e37}) {
    EXPECT_LE((*feature)(x), 3.0f) << x;
    EXPECT_GT((*feature)(x), 2.9f) << x;
    EXPECT_LT((*feature)(-x), -2.9f) << x;
  }
  EXPECT_TRUE(std::isnan((*feature)(HUGE_VAL)));
}

TEST(Scaling, RobustTakesTheRangeWhereHalfOfTheValuesAreTheSame) {
  const auto feature = fit("robust(clip=0)", {0, 0, 0, 0, 0, 10});
  EXPECT_FLOAT_EQ((*feature)(10), 2);
  EXPECT_FLOAT_EQ((*feature)(0), 0);
}

TEST(Scaling, MissingCellsAreTheMeanOrTheMiddle) {
  EXPECT_DOUBLE_EQ(fit("min_max", {0, 10, 5, 5, kMissing})->fill, 0.5);
  EXPECT_DOUBLE_EQ(fit("none", {1, 3, kMissing})->fill, 2);
  EXPECT_DOUBLE_EQ(fit("quantile_uniform", {1, 3, kMissing})->fill, 0.5);
  for (const char* scale : {"standard", "robust", "quantile", "log"})
    EXPECT_DOUBLE_EQ(fit(scale, {1, 3, 8, kMissing})->fill, 0) << scale;
}

TEST(Scaling, QuantilesOfTiesRiseStrictlyAndStayInsideTheirRange) {
  const auto feature = fit("quantile", {1, 1, 1, 1, 2, 2, 2, 9, 9, 30});
  ASSERT_EQ(feature->knots.size(), feature->levels.size());
  for (size_t i = 1; i < feature->knots.size(); ++i) {
    EXPECT_LT(feature->knots[i - 1], feature->knots[i]);
    EXPECT_LT(feature->levels[i - 1], feature->levels[i]);
  }
  EXPECT_EQ((*feature)(-1e9), (*feature)(1));
  EXPECT_EQ((*feature)(1e300), (*feature)(30));
}

TEST(Scaling, NormalQuantileInvertsTheDistributionFunction) {
  for (const double share : {1e-9, 1e-3, 0.02, 0.3, 0.5, 0.77, 0.999, 1 - 1e-9})
    EXPECT_NEAR(std::erfc(-normal_quantile(share) / std::sqrt(2.0)) / 2, share, 1e-13) << share;
  EXPECT_NEAR(normal_quantile(0.975), 1.959963984540054, 1e-13);
}

TEST(Scaling, IsReadAndWrittenWithConstants) {
  EXPECT_EQ(to_string(parse_scaling("Z-Score")), "standard");
  EXPECT_EQ(to_string(parse_scaling("min_max(-1, 1)")), "min_max(low=-1)");
  EXPECT_EQ(to_string(parse_scaling("quantile(quantiles=9)")), "quantile(quantiles=9)");
}

TEST(Scaling, RejectsWhatMakesNoSense) {
  const auto read = [](const char* text) { return [text] { parse_scaling(text); }; };
  expect_error(ErrorCode::usage, {"robst", "Did you mean \"robust\"?"}, read("robst"));
  expect_error(ErrorCode::usage, {"low must be below high"}, read("min_max(low=2)"));
  expect_error(ErrorCode::usage, {"quantiles must be from 2 to 1000"}, read("quantile(1)"));
  expect_error(ErrorCode::usage, {"clip"}, read("robust(clip=-1)"));
}

TEST(Scaling, OrderedTextsStandForTheirPlaces) {
  const Column column = text_column("grade", {"low", "high", "", "mid", "low"});
  const std::vector<std::string> order = {"low", "mid", "high"};
  const auto location = [](int64_t row) { return "t.csv:" + std::to_string(row + 2); };
  std::string remark;
  const auto feature =
      fit_ordered(column, all_rows(5), order, parse_scaling("min_max"), location, remark);
  ASSERT_TRUE(feature);
  EXPECT_TRUE(feature->marks_missing);
  EXPECT_FLOAT_EQ((*feature)(2), 1);
  const std::vector<double> places = places_in(order, column);
  EXPECT_TRUE(std::isnan(places[0]));
  EXPECT_EQ(places[1], 2);  // "high" stands first in the alphabet
  expect_error(ErrorCode::data, {"t.csv:5", "grade", "\"mid\"", "low, high"}, [&] {
    fit_ordered(column, all_rows(5), {"low", "high"}, parse_scaling("standard"), location, remark);
  });
}

}  // namespace
}  // namespace sinapse
