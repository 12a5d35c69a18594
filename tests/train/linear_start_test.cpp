// The default network of a series may begin as the linear forecast.
#include "train/linear_start.h"

#include <cmath>
#include <limits>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "data/table_reader.h"

namespace sinapse {

namespace {

// What a step is depends on the two before, so that a linear forecast is right.
Table swinging() {
  std::string csv = "t,known,y\n";
  double before = 1, now = 1.5;
  for (int t = 0; t < 400; ++t) {
    csv += fmt::format("{},{},{:.5f}\n", t, t % 7, now + 0.1 * (t % 7));
    const double next = 1.6 * now - 0.95 * before + 0.3 * std::sin(t * t);
    before = now, now = next;
  }
  return parse_table(csv, "s.csv");
}

RunOptions options_of() {
  RunOptions options;
  options.data.target = "y";
  options.data.time = "t";
  options.data.validation_split = options.data.test_split = 0.2;
  options.series.horizon = 3;
  options.series.known = {"known"};
  options.training.threads = 1;
  return options;
}

double mase(const TrainResult& result, const std::string& method) {
  for (const ForecastScore& one : result.forecasts)
    if (one.part == "test" && one.method == method) return one.mase;
  return std::numeric_limits<double>::quiet_NaN();
}

// Nothing is learned, so what it forecasts is what it began with.
TEST(LinearStart, ForecastsAsTheLinearForecastDoes) {
  for (const bool wide : {false, true}) {
    RunOptions options = options_of();
    options.training.learning_rate = 1e-12;
    options.training.epochs = 1;
    if (wide) {
      options.network.hidden = {5, 9};
      options.network.batch_normalization = true;
      options.network.dropout = 0.2;
    }
    std::string remark;
    const TrainResult result =
        train(swinging(), options, {.on_remark = [&](const std::string& text) {
                if (text.starts_with("begins ")) remark = text;
              }});
    EXPECT_TRUE(remark.starts_with("begins as the linear forecast")) << remark;
    EXPECT_NEAR(mase(result, "network"), mase(result, "linear"), 1e-5);
  }
}

TEST(LinearStart, IsRepeatedByTheResolvedRun) {
  RunOptions options = options_of();
  options.training.epochs = 3;
  const TrainResult first = train(swinging(), options);
  RunOptions again = first.resolved;
  again.training.threads = 3;
  EXPECT_EQ(train(swinging(), again).weights_sha256, first.weights_sha256);
}

TEST(LinearStart, IsTakenOnlyIfItIsClearlyBetter) {
  constexpr double kNone = std::numeric_limits<double>::infinity();
  const auto chosen = [](double drawn, double linear) {
    return choose_linear_start([&](bool is_linear) { return is_linear ? linear : drawn; }, {});
  };
  EXPECT_TRUE(chosen(1, 0.9));
  EXPECT_FALSE(chosen(1, 0.98));
  EXPECT_FALSE(chosen(0.9, 1));
  EXPECT_TRUE(chosen(kNone, 1)) << "the other has come to numbers that are not finite";
  EXPECT_FALSE(chosen(1, kNone));
  EXPECT_FALSE(chosen(kNone, kNone));
}

TEST(LinearStart, IsTriedWhereTheNetworkIsTheDefaultAndWindowsTellApart) {
  SeriesWindows windows;
  windows.train.resize(300);
  windows.validation.resize(30);
  EXPECT_TRUE(wants_choice_of_start({}, windows));
  const std::vector<std::function<void(RunOptions&)>> choices{
      [](RunOptions& run) {
        run.network.layers = {{"gru", "", {}, {}}};
      },
      [](RunOptions& run) { run.network.preset = "small_cnn"; },
      [](RunOptions& run) { run.training.early_stopping = false; },
      [](RunOptions& run) { run.training.time_limit = Seconds{5}; },
  };
  for (size_t i = 0; i < choices.size(); ++i) {
    RunOptions run;
    choices[i](run);
    EXPECT_FALSE(wants_choice_of_start(run, windows)) << i;
  }
  windows.validation.resize(5);
  EXPECT_FALSE(wants_choice_of_start({}, windows)) << "too few to tell";
  windows.validation.resize(30);
  windows.train.resize(6000);
  EXPECT_FALSE(wants_choice_of_start({}, windows)) << "it would take long";
}

}  // namespace

}  // namespace sinapse
