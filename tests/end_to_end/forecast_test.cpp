// sinapse train --horizon, sinapse forecast.
#include <fmt/format.h>

#include "end_to_end/program.h"

namespace sinapse {
namespace {

using Forecast = EndToEnd;

std::string sales(const std::vector<std::string>& shops, int months) {
  std::string csv = "shop,month,sales\n";
  for (size_t s = 0; s < shops.size(); ++s)
    for (int i = 0; i < months; ++i)
      csv += fmt::format("{},{}-{:02}-01,{}\n", shops[s], 2010 + i / 12, i % 12 + 1,
                         100 * (s + 1) + 10 * ((i + 3) % 12) + (i * 7919) % 13);
  return csv;
}

TEST_F(Forecast, TrainsAndForecastsSeveralSeries) {
  file("sales.csv", sales({"East", "West"}, 84));
  const nlohmann::json report =
      sinapse_json({"train", "sales.csv", "--target", "sales", "--time", "month", "--series",
                    "shop", "--horizon", "6", "--test-split", "0.15", "--epochs", "3", "--hidden",
                    "8", "--json", "--quiet"});
  for (const char* method : {"network", "naive", "seasonal naive", "linear"})
    EXPECT_GT(report["forecasts"]["test"][method]["mase"].get<double>(), 0) << method;
  const Outcome outcome = sinapse({"forecast", "sinapse_sales", "sales.csv", "--steps", "8"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.errors;
  const auto cells = cells_of(outcome.output);
  ASSERT_EQ(cells.size(), 17u);
  EXPECT_EQ(cells[0], (std::vector<std::string>{"shop", "month", "sales_predictions"}));
  EXPECT_EQ(cells[1][0], "East");
  EXPECT_EQ(cells[1][1], "2017-01-01");
  EXPECT_EQ(cells[16][0], "West");
  EXPECT_EQ(cells[16][1], "2017-08-01");
  EXPECT_EQ(sinapse({"inspect", "sinapse_sales"}).exit_code, 0);
  EXPECT_EQ(sinapse({"plot", "network", "sinapse_sales", "--output", "n.svg"}).exit_code, 0);

  const nlohmann::json measured =
      sinapse_json({"evaluate", "sinapse_sales", "sales.csv", "--json"});
  EXPECT_EQ(measured["steps"].size(), 6u);
  for (const char* method : {"network", "naive", "seasonal naive"})
    EXPECT_GT(measured["forecasts"][method]["mase"].get<double>(), 0) << method;
  const Outcome table = sinapse({"evaluate", "sinapse_sales", "sales.csv"});
  EXPECT_NE(table.output.find("MASE seasonal naive"), std::string::npos) << table.output;
  const Outcome drawn =
      sinapse({"plot", "forecast", "sinapse_sales", "sales.csv", "--series", "West"});
  EXPECT_NE(drawn.output.find("sales of West, 6 steps ahead"), std::string::npos) << drawn.output;
  expect_failure(sinapse({"plot", "forecast", "sinapse_sales", "sales.csv", "--series", "Wets"}), 2,
                 {"West"});
  EXPECT_NE(read_back(path("sinapse_sales/report.html")).find("sales of East, 6 steps ahead"),
            std::string::npos);

  const Outcome again = sinapse(
      {"train", "--config", "sinapse_sales/run.yaml", "--output", "again", "--json", "--quiet"});
  ASSERT_EQ(again.exit_code, 0) << again.errors;
  EXPECT_EQ(nlohmann::json::parse(again.output)["weights_sha256"], report["weights_sha256"]);

  const nlohmann::json relies =
      sinapse_json({"explain", "sinapse_sales", "sales.csv", "--repeats", "3", "--json"});
  EXPECT_EQ(relies["importance"]["metric"], "mae");
  EXPECT_NEAR(relies["importance"]["score"].get<double>(),
              measured["forecasts"]["network"]["mae"].get<double>(), 1e-4);
  const Outcome shuffled = sinapse({"explain", "sinapse_sales", "sales.csv", "--output", "why"});
  EXPECT_NE(shuffled.output.find("sales, 1 step back"), std::string::npos) << shuffled.errors;
  EXPECT_NE(shuffled.output.find("windows; mae"), std::string::npos) << shuffled.output;
  EXPECT_TRUE(exists("why/importance.png"));
  expect_failure(sinapse({"explain", "sinapse_sales", "sales.csv", "--metric", "r2"}), 2,
                 {"mae", "r2"});
  expect_failure(sinapse({"explain", "sinapse_sales", "sales.csv", "--row", "1"}), 2, {"series"});

  file("other.csv", sales({"East", "North"}, 40));
  const Outcome unknown = sinapse({"forecast", "sinapse_sales", "other.csv"});
  EXPECT_EQ(unknown.exit_code, 0);
  EXPECT_NE(unknown.errors.find("\"North\""), std::string::npos) << unknown.errors;
  expect_failure(sinapse({"predict", "sinapse_sales", "sales.csv"}), 2, {"sinapse forecast"});
}

TEST_F(Forecast, MistakesAreNamed) {
  file("sales.csv", sales({"East", "West"}, 60));
  const std::vector<std::string> common = {"train", "sales.csv", "--target", "sales",  "--time",
                                           "month", "--horizon", "6",        "--quiet"};
  expect_failure(sinapse(common), 1, {"sales.csv:62", "\"month\"", "2010-01-01", "--series"});
  expect_failure(sinapse({"train", "sales.csv", "--target", "sales", "--horizon", "6", "-q"}), 2,
                 {"--time"});
  std::vector<std::string> long_horizon = common;
  long_horizon.insert(long_horizon.end(), {"--series", "shop", "--horizon", "58"});
  expect_failure(sinapse(long_horizon), 1, {"\"East\"", "too short"});
  file("table.csv", "a,y\n1,2\n2,3\n3,4\n4,4.5\n5,6\n6,7\n7,7.5\n8,9\n9,10\n10,11.5\n");
  train("table.csv", "y");
  expect_failure(sinapse({"forecast", "run", "table.csv"}), 2, {"--horizon"});
}

}  // namespace
}  // namespace sinapse
