// ONNX Runtime forecasts from raw windows what sinapse::forecast does.
#include "onnx/series_nodes.h"

#include <cmath>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <sinapse/forecast.h>
#include <sinapse/train.h>

#include "data/table_reader.h"
#include "network/trained_network.h"
#include "onnx/onnx_runtime.h"
#include "onnx/read.h"
#include "onnx/write.h"

namespace sinapse {
namespace {

using nlohmann::json;

json tensor(const std::vector<double>& values) {
  return {{"data", values}, {"shape", {1, values.size()}}};
}

struct Case {
  bool dates;
  std::vector<std::string> ids;  // of the training series; empty: one without an id
  bool known;
  std::string level;
  int64_t gap;
};

std::string csv_of(const Case& c, const std::vector<std::string>& ids, int steps, int future) {
  std::string csv = "id,t,price,y\n";
  for (size_t s = 0; s < ids.size(); ++s) {
    for (int i = 0; i < steps + future; ++i) {
      const std::string time =
          c.dates ? fmt::format("2024-{:02}-{:02}", 1 + i / 28, 1 + i % 28) : std::to_string(i);
      if (c.dates && i >= 28) break;
      csv += fmt::format(
          "{},{},{:.3f},{}\n", ids[s], time, std::cos(i * 0.7 + s),
          i < steps ? fmt::format("{:.3f}", 10.0 * (s + 1) + std::sin(i * 0.9 + s) + 0.05 * i)
                    : "");
    }
  }
  return csv;
}

// The inputs of a model for the end of a series, from what a user would have at hand.
json inputs_of(const SeriesFeatures& features, const TimeSeries& series) {
  const int64_t origin = series.length, ahead = origin + features.gap;
  const auto steps = [](const std::vector<double>& from, int64_t first, int64_t last) {
    return std::vector<double>(from.begin() + first, from.begin() + last);
  };
  json inputs;
  inputs["y"] = tensor(steps(series.filled, origin - features.window, origin));
  for (size_t k = 0; k < features.known.size(); ++k) {
    std::vector<double> known = steps(series.known[k], origin - features.window, origin);
    const std::vector<double> future = steps(series.known[k], ahead, ahead + features.horizon);
    known.insert(known.end(), future.begin(), future.end());
    inputs[features.columns.known[k]] = tensor(known);
  }
  if (!features.columns.id.empty()) inputs["id"] = {{"data", {series.id}}, {"shape", {1, 1}}};
  if (!features.periods().empty()) inputs["t"] = tensor({features.step.after(series.start, ahead)});
  return inputs;
}

TEST(SeriesNodes, OnnxRuntimeForecastsTheSame) {
  REQUIRE_ONNX_RUNTIME();
  const Case cases[] = {{false, {}, false, "series", 0},
                        {true, {}, false, "window", 0},
                        {true, {"a", "b"}, true, "window", 1},
                        {false, {"a", "b"}, true, "series", 2},
                        {false, {"a", "b"}, false, "series", 0}};
  std::vector<RuntimeJob> jobs;
  std::vector<std::vector<double>> expected;
  for (const Case& c : cases) {
    RunOptions options;
    options.data = {.target = "y", .time = "t"};
    options.series = {.horizon = 3, .window = 5, .gap = c.gap, .level = c.level};
    if (!c.ids.empty()) options.series.id = "id";
    if (c.known) options.series.known = {"price"};
    options.network.hidden = {4};
    options.training.epochs = 2;
    options.training.threads = 1;
    const std::vector<std::string> trained = c.ids.empty() ? std::vector<std::string>{"x"} : c.ids;
    const Model model = train(parse_table(csv_of(c, trained, 22, 6), "s.csv"), options).model;
    const TrainedNetwork read = parse_onnx(to_onnx(model.trained()), "memory");
    const Model again(std::make_shared<const TrainedNetwork>(read));
    // One more series than in training, whose id the model does not know.
    const std::vector<std::string> asked =
        c.ids.empty() ? trained : std::vector<std::string>{"a", "b", "new"};
    const Table table = parse_table(csv_of(c, asked, 22, 6), "s.csv");
    const Forecasts forecasts = forecast(again, table);
    EXPECT_EQ(forecasts.remarks.size(), c.ids.empty() ? 0u : 1u);
    const SeriesFeatures& features = *read.series;
    const SeriesSet set = read_series(table, features.columns, features.step);
    for (size_t s = 0; s < set.series.size(); ++s) {
      jobs.push_back({to_onnx(model.trained()), inputs_of(features, set.series[s])});
      expected.emplace_back();
      for (int h = 0; h < 3; ++h) expected.back().push_back(forecasts.rows[3 * s + h].value);
    }
  }
  const std::vector<json> outputs = run_in_onnx_runtime(jobs);
  for (size_t i = 0; i < jobs.size(); ++i) {
    const json& found = outputs[i]["y_predictions"];
    ASSERT_EQ(found["shape"], (std::vector<int64_t>{1, 3}));
    for (int h = 0; h < 3; ++h)
      EXPECT_NEAR(number_of(found["data"][h]), expected[i][h], 2e-5 * std::abs(expected[i][h]))
          << i << " " << h;
  }
}

}  // namespace
}  // namespace sinapse
