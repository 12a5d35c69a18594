#include "figures/forecast_figure.h"

#include <cmath>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <sinapse/error.h>
#include <sinapse/train.h>

#include "data/table_reader.h"
#include "network/trained_network.h"

namespace sinapse {
namespace {

// Two series with a season of 12.
std::string csv() {
  std::string text = "id,t,y\n";
  for (int i = 0; i < 96; ++i)
    for (const char* id : {"a", "b"})
      text += fmt::format("{},{},{:.3f}\n", id, i,
                          (*id == 'a' ? 5 : 50) + std::sin(i * 0.5235988) + 0.1 * (i * 7 % 5));
  return text;
}

TEST(ForecastFigure, ForecastsFollowWhatWasObserved) {
  const Table table = parse_table(csv(), "s.csv");
  RunOptions options;
  options.data = {.target = "y", .time = "t"};
  options.series = {.horizon = 6, .id = "id", .season = 12};
  options.network.hidden = {4};
  options.training.epochs = 2;
  options.training.threads = 1;
  const Model model = train(table, options).model;
  const Forecasts forecasts = forecast(model, table, 8);
  const Chart chart = forecast_chart(model, table, forecasts, "b");
  ASSERT_EQ(chart.series.size(), 3u);
  const Series &observed = chart.series[0], &next = chart.series[1], &simple = chart.series[2];
  EXPECT_EQ(observed.x.back(), 95);
  ASSERT_EQ(next.x.size(), 9u);  // they begin where the line ends
  EXPECT_EQ(next.x.front(), 95);
  EXPECT_EQ(next.y.front(), observed.y.back());
  EXPECT_EQ(next.x.back(), 103);
  EXPECT_EQ(next.y.back(), forecasts.rows.back().value);
  EXPECT_EQ(simple.name, "seasonal naive");
  EXPECT_EQ(simple.y[1], observed.y[observed.y.size() - 12]);
  EXPECT_GT(observed.y.front(), 40);
  EXPECT_NE(chart.title.find("y of b, 8 steps ahead"), std::string::npos) << chart.title;
  EXPECT_LT(forecast_chart(model, table, forecasts, "").series[0].y.front(), 10);
  EXPECT_THROW(forecast_chart(model, table, forecasts, "c"), Error);

  // Forecasts to be judged lie over what was observed, and begin at the step before them.
  const Forecasts last = evaluate_forecasts(model, table).last;
  ASSERT_EQ(last.rows.size(), 12u);  // a horizon of each series
  const Chart judged = forecast_chart(model, table, last, "b");
  const Series &truth = judged.series[0], &past = judged.series[1], &naive = judged.series[2];
  ASSERT_EQ(past.x, (std::vector<double>{89, 90, 91, 92, 93, 94, 95}));
  EXPECT_EQ(truth.x.back(), 95);
  EXPECT_EQ(past.y.front(), truth.y[truth.y.size() - 7]);
  EXPECT_EQ(past.y.back(), last.rows.back().value);
  for (size_t h = 1; h <= 6; ++h) EXPECT_EQ(naive.y[h], truth.y[truth.y.size() - 19 + h]);
}

}  // namespace
}  // namespace sinapse
