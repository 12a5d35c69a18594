// Training on time series: nothing leaks back in time, and the simple ways are judged rightly.
#include <cmath>
#include <numbers>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <sinapse/error.h>
#include <sinapse/forecast.h>
#include <sinapse/train.h>

#include "data/table_reader.h"
#include "network/trained_network.h"
#include "train/baselines.h"
#include "train/forecast_scores.h"

namespace sinapse {
namespace {

double noise(int i) {
  const double x = std::sin(12.9898 * i) * 43758.5453;
  return x - std::floor(x) - 0.5;
}

// Monthly, with a season of 12, a trend and a little noise; from `changed` on with other values.
std::string monthly_csv(int months = 120, int changed = 1 << 20) {
  std::string csv = "month,price,y\n";
  for (int i = 0; i < months; ++i) {
    const double price = 1 + 0.5 * noise(i + 7);
    double y = 50 + 0.3 * i + 8 * std::sin(2 * std::numbers::pi * i / 12) - 4 * price + noise(i);
    if (i >= changed) y = 1000 - y * (i % 5);
    csv += fmt::format("{}-{:02}-01,{:.4f},{:.4f}\n", 2000 + i / 12, i % 12 + 1,
                       i >= changed ? price * 9 : price, y);
  }
  return csv;
}

RunOptions options_of(int64_t horizon = 6) {
  RunOptions options;
  options.data.target = "y";
  options.data.time = "month";
  options.data.validation_split = options.data.test_split = 0.15;
  options.series.horizon = horizon;
  options.network.hidden = {8};
  options.training.epochs = 20;
  options.training.threads = 1;
  return options;
}

const ForecastScore& score(const TrainResult& result, const std::string& part,
                           const std::string& method) {
  for (const ForecastScore& one : result.forecasts)
    if (one.part == part && one.method == method) return one;
  throw std::out_of_range(part + " " + method);
}

// Steps 102 to 119 are the test part; with `early_stopping` off the validation part counts as
// little.
TEST(SeriesTraining, NoStatisticAndNoWeightMovesWithTheStepsThatJudge) {
  for (const int changed : {84, 102}) {
    RunOptions options = options_of();
    options.series.known = {"price"};
    if (changed == 84) {
      options.training.early_stopping = false;
      options.training.restore_best_weights = false;
    }
    const TrainResult before = train(parse_table(monthly_csv(), "s.csv"), options);
    const TrainResult after = train(parse_table(monthly_csv(120, changed), "s.csv"), options);
    EXPECT_EQ(before.model.trained().series->to_json(), after.model.trained().series->to_json());
    EXPECT_EQ(before.weights_sha256, after.weights_sha256);
    EXPECT_EQ(before.metrics.at("train"), after.metrics.at("train"));
    EXPECT_EQ(before.metrics.at("validation") == after.metrics.at("validation"), changed == 102);
    EXPECT_NE(before.metrics.at("test"), after.metrics.at("test"));
  }
}

TEST(SeriesTraining, BeatsTheNaiveWays) {
  RunOptions options = options_of();
  options.network.hidden = {};
  options.training.epochs = 0;
  options.series.known = {"price"};
  const TrainResult result = train(parse_table(monthly_csv(240), "s.csv"), options);
  EXPECT_EQ(result.model.trained().series->season, 12);
  EXPECT_EQ(result.model.trained().series->window, 24);
  EXPECT_LT(score(result, "test", "network").mase, 0.5);
  EXPECT_LT(score(result, "test", "network").mase, score(result, "test", "seasonal naive").mase);
  EXPECT_LT(score(result, "test", "linear").mase, score(result, "test", "naive").mase);
  EXPECT_EQ(result.metrics.at("test").at("mase"), score(result, "test", "network").mase);
}

TEST(SeriesTraining, BackTestsFromEveryOrigin) {
  RunOptions options = options_of();
  options.series.backtest = 3;
  const TrainResult result = train(parse_table(monthly_csv(), "s.csv"), options);
  EXPECT_EQ(score(result, "backtest", "network").forecasts, 3);
  EXPECT_EQ(score(result, "backtest", "seasonal naive").forecasts, 3);
  options.series.backtest = 0;
  EXPECT_EQ(train(parse_table(monthly_csv(), "s.csv"), options).weights_sha256,
            result.weights_sha256);
}

TEST(SeriesTraining, GivesTheSameBitsForAnyNumberOfThreads) {
  RunOptions options = options_of();
  const std::string expected = train(parse_table(monthly_csv(), "s.csv"), options).weights_sha256;
  for (const int threads : {2, 3, 8}) {
    options.training.threads = threads;
    EXPECT_EQ(train(parse_table(monthly_csv(), "s.csv"), options).weights_sha256, expected);
  }
}

TEST(SeriesTraining, TakesRecurrentLayers) {
  RunOptions options = options_of();
  options.network.hidden = {};
  options.network.layers = {{"gru", "", {}, {{"units", int64_t{8}}}}};
  options.series.known = {"price"};
  const TrainResult result = train(parse_table(monthly_csv(), "s.csv"), options);
  EXPECT_EQ(result.model.layers().front().type, "gru");
  EXPECT_GT(score(result, "test", "network").forecasts, 0);
}

TEST(SeriesTraining, RejectsWhatSeriesHaveNot) {
  const Table table = parse_table(monthly_csv(), "s.csv");
  const auto expect_usage = [&](const RunOptions& options) {
    try {
      train(table, options);
      ADD_FAILURE();
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::usage) << error.what();
    }
  };
  RunOptions options = options_of();
  options.data.time.clear();
  expect_usage(options);
  options = options_of();
  options.data.weight = "price";
  expect_usage(options);
  options = options_of();
  options.training.loss = "poisson";
  expect_usage(options);
  options = options_of();
  options.data.split_by = "random";
  expect_usage(options);
  options = options_of();
  options.data.time = "moth";
  expect_usage(options);
}

TEST(Forecasting, GoesOnWhereTheSeriesEnds) {
  RunOptions options = options_of();
  const Table table = parse_table(monthly_csv(), "s.csv");
  const Model model = train(table, options).model;
  const Forecasts twice = forecast(model, table, 12), once = forecast(model, table);
  ASSERT_EQ(once.rows.size(), 6u);
  ASSERT_EQ(twice.rows.size(), 12u);
  for (int i = 0; i < 6; ++i) EXPECT_EQ(once.rows[i].value, twice.rows[i].value);
  EXPECT_EQ(format_time(once.rows[0].time, once.dates), "2010-01-01");
  EXPECT_EQ(format_time(twice.rows[11].time, once.dates), "2010-12-01");
}

// Lines of a table from a row on, with its head.
std::string from_row(const std::string& csv, int row) {
  size_t at = csv.find('\n') + 1;
  const std::string head = csv.substr(0, at);
  for (int i = 0; i < row; ++i) at = csv.find('\n', at) + 1;
  return head + csv.substr(at);
}

TEST(Forecasting, EvaluatesNewStepsAsTrainingDoesTheTestPart) {
  const TrainResult result = train(parse_table(monthly_csv(), "s.csv"), options_of());
  const SeriesFeatures& features = *result.model.trained().series;
  const int first = 102 - static_cast<int>(features.window);  // the test part and a window before
  const Table table = parse_table(from_row(monthly_csv(), first), "new.csv");
  const ForecastEvaluation evaluation = evaluate_forecasts(result.model, table);
  ASSERT_EQ(evaluation.scores.size(), features.season > 1 ? 3u : 2u);
  for (const ForecastScore& found : evaluation.scores) {
    const ForecastScore& expected = score(result, "test", found.method);
    EXPECT_EQ(found.forecasts, expected.forecasts);
    EXPECT_NEAR(found.mae, expected.mae, 1e-9) << found.method;
    EXPECT_NEAR(found.mase, expected.mase, 1e-9) << found.method;
    EXPECT_NEAR(found.smape, expected.smape, 1e-9) << found.method;
  }
  ASSERT_EQ(evaluation.by_step.size(), 6u);
  double mean = 0;
  for (const auto& scores : evaluation.by_step) mean += scores[0].mae / 6;
  EXPECT_NEAR(mean, evaluation.scores[0].mae, 1e-9);
  EXPECT_LT(evaluation.by_step[0][1].mae, evaluation.by_step[3][1].mae);  // naive, further away
}

TEST(Forecasting, EvaluationNeedsAWindowAndAStepBehindIt) {
  const Model model = train(parse_table(monthly_csv(), "s.csv"), options_of()).model;
  try {
    evaluate_forecasts(model, parse_table("month,y\n2020-01-01,1\n2020-02-01,2\n", "short.csv"));
    ADD_FAILURE();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::data);
    EXPECT_NE(std::string(error.what()).find("short.csv"), std::string::npos) << error.what();
  }
}

TEST(Forecasting, ReadsTheKnownFutureAndSaysWhereItEnds) {
  RunOptions options = options_of(3);
  options.series.known = {"price"};
  const Model model = train(parse_table(monthly_csv(), "s.csv"), options).model;
  const std::string until = monthly_csv();
  const std::string future = "2010-01-01,1.0,\n2010-02-01,1.1,\n2010-03-01,{},\n";
  const auto forecast_with = [&](const std::string& price) {
    const std::string rows = fmt::format(fmt::runtime(future), price);
    return forecast(model, parse_table(until + rows, "s.csv")).rows[2].value;
  };
  EXPECT_NE(forecast_with("0.8"), forecast_with("1.4"));
  try {
    forecast(model, parse_table(until, "s.csv"));
    ADD_FAILURE();
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("2010-03-01"), std::string::npos) << error.what();
    EXPECT_NE(std::string(error.what()).find("\"price\""), std::string::npos) << error.what();
  }
}

TEST(Forecasting, RejectsASeriesShorterThanTheWindow) {
  const Model model = train(parse_table(monthly_csv(), "s.csv"), options_of()).model;
  try {
    forecast(model, parse_table("month,y\n2020-01-01,1\n2020-02-01,2\n", "short.csv"));
    ADD_FAILURE();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::data);
    EXPECT_NE(std::string(error.what()).find("short.csv:3"), std::string::npos) << error.what();
  }
  EXPECT_THROW(model.predict(parse_table(monthly_csv(), "s.csv")), Error);
}

// t 0..7, season 2; one value is missing.
SeriesSet small_set() {
  return read_series(parse_table("t,y\n0,1\n1,10\n2,2\n3,12\n4,\n5,13\n6,4\n7,16\n", "s.csv"),
                     {.time = "t", .target = "y"});
}

SeriesFeatures small_features() {
  SeriesFeatures features;
  features.window = 2;
  features.horizon = 3;
  features.season = 2;
  features.ids = {""};
  features.standards = {{}};
  return features;
}

TEST(Baselines, RepeatTheLastValueOrTheLastSeason) {
  const SeriesSet set = small_set();
  const WindowPlace places[] = {{0, 4}, {0, 5}};
  EXPECT_EQ(naive_forecasts(set, small_features(), places),
            (std::vector<double>{12, 12, 12, 12, 12, 12}));
  EXPECT_EQ(seasonal_naive_forecasts(set, small_features(), places),
            (std::vector<double>{2, 12, 2, 12, 12, 12}));
}

// Seasonal differences with both values: 1, 2, (13 - 12), 3 → mean 1.75 over 8 steps.
TEST(ForecastScores, AreThoseByHand) {
  const SeriesSet set = small_set();
  const int64_t ends[] = {8};
  const std::vector<double> scales = mase_scales(set, ends, 2);
  EXPECT_DOUBLE_EQ(scales[0], 1.75);
  const WindowPlace places[] = {{0, 4}};  // steps 4 (unknown), 5 (13) and 6 (4)
  const double forecasts[] = {100, 12, 6};
  const ForecastScore score = score_forecasts(set, small_features(), places, forecasts, scales);
  EXPECT_DOUBLE_EQ(score.mae, 1.5);
  EXPECT_DOUBLE_EQ(score.rmse, std::sqrt(2.5));
  EXPECT_DOUBLE_EQ(score.mase, 1.5 / 1.75);
  EXPECT_DOUBLE_EQ(score.smape, 200 * (1.0 / 25 + 2.0 / 10) / 2);
}

TEST(ForecastScores, ConstantSeriesHaveNoMase) {
  const SeriesSet set = read_series(parse_table("t,y\n0,1\n1,1\n2,1\n3,1\n4,1\n5,1\n", "s.csv"),
                                    {.time = "t", .target = "y"});
  const int64_t ends[] = {4};
  const WindowPlace places[] = {{0, 2}};
  const double forecasts[] = {1, 1, 1};
  EXPECT_TRUE(std::isnan(
      score_forecasts(set, small_features(), places, forecasts, mase_scales(set, ends, 1)).mase));
}

// y(t) = 0.5 y(t-1) + 1 exactly.
TEST(Baselines, LinearAutoregressionFindsALinearRule) {
  std::string csv = "t,y\n";
  double y = 40;
  for (int i = 0; i < 60; ++i, y = 0.5 * y + 1 + 3 * noise(i)) csv += fmt::format("{},{}\n", i, y);
  const SeriesSet set = read_series(parse_table(csv, "s.csv"), {.time = "t", .target = "y"});
  const int64_t ends[] = {60};
  const auto features =
      SeriesFeatures::fit(set, ends, {.horizon = 1, .window = 1, .level = "series"});
  const SeriesCuts cuts[] = {{60, 60, 60}};
  const SeriesWindows windows = make_windows(set, features, cuts, 1);
  const auto linear = LinearForecast::fit(set, features, windows, windows.train);
  double error = 0;
  for (const int64_t row : windows.train) {
    const double truth = 0.5 * set.series[0].values[row] + 1 + 0.0;
    const Standard& by = features.standards[0];
    error += std::abs(linear->predict(windows, row)[0] * by.deviation + by.mean - truth);
  }
  EXPECT_LT(error / 59, 0.3);
}

}  // namespace
}  // namespace sinapse
