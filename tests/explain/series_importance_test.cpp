#include <map>

#include <gtest/gtest.h>

#include <sinapse/error.h>
#include <sinapse/permutation_importance.h>
#include <sinapse/train.h>

#include "explain/tables.h"
#include "network/trained_network.h"

namespace sinapse {

namespace {

constexpr int64_t kWindow = 8, kHorizon = 3;

Table series_table() {
  const std::vector<double> noise = normal_numbers(120, 1), prices = normal_numbers(120, 2);
  std::vector<double> t, y;
  for (int64_t i = 0; i < 120; ++i) {
    t.push_back(static_cast<double>(i));
    y.push_back(100 + 10 * noise[i]);
  }
  return Table({number_column("t", t), number_column("price", prices), number_column("y", y)});
}

// Linear from the window [8, 2] and the three prices to come.
Model linear_model(const Table& table) {
  RunOptions options;
  options.data.target = "y";
  options.data.time = "t";
  options.series.horizon = kHorizon;
  options.series.window = kWindow;
  options.series.season = 1;
  options.series.known = {"price"};
  options.network.layers = {{.type = "flatten"}};
  options.training = {.epochs = 1, .threads = 1};
  return train(table, options).model;
}

// Reads the newest value and the prices to come, and nothing else.
Model of_last_value_and_price(const Table& table) {
  TrainedNetwork trained = linear_model(table).trained();
  std::vector<float>& weights = trained.weights.at("output.weight");  // [3, 16 + 3]
  constexpr size_t kInputs = 2 * kWindow + kHorizon;
  EXPECT_EQ(weights.size(), kHorizon * kInputs);
  std::fill(weights.begin(), weights.end(), 0.0f);
  for (size_t h = 0; h < kHorizon; ++h) {
    weights[h * kInputs + 2 * (kWindow - 1)] = 1;
    weights[h * kInputs + 2 * kWindow + h] = 0.5f;
  }
  return Model(std::make_shared<const TrainedNetwork>(std::move(trained)));
}

std::map<std::string, double> importances(const Model& model, const Table& table, int threads = 1) {
  std::map<std::string, double> costs;
  for (const ColumnImportance& one :
       permutation_importance(model, table, {.threads = threads}).columns)
    costs[one.column] = one.importance;
  return costs;
}

TEST(SeriesImportance, OnlyWhatIsReadCosts) {
  const Table table = series_table();
  auto costs = importances(of_last_value_and_price(table), table);
  ASSERT_EQ(costs.size(), 6u);
  EXPECT_NE(costs.at("y, 1 step back"), 0);
  EXPECT_NE(costs.at("price, to come"), 0);
  for (const char* group :
       {"y, 2 steps back", "y, 3 to 4 steps back", "y, 5 to 8 steps back", "price, in the window"})
    EXPECT_EQ(costs.at(group), 0) << group;
}

// y is its own last value: a forecast of it is right until that value is another window's.
TEST(SeriesImportance, IsTheErrorThatTheShuffleMakes) {
  std::vector<double> t, y, price(60, 0.0);
  for (int64_t i = 0; i < 60; ++i) {
    t.push_back(static_cast<double>(i));
    y.push_back(i < 30 ? 10.0 : 20.0);
    price[i] = static_cast<double>(i % 2);
  }
  const Table table({number_column("t", t), number_column("price", price), number_column("y", y)});
  TrainedNetwork trained = of_last_value_and_price(table).trained();
  std::vector<float>& weights = trained.weights.at("output.weight");
  for (size_t h = 0; h < kHorizon; ++h) weights[h * (2 * kWindow + kHorizon) + 2 * kWindow + h] = 0;
  for (float& bias : trained.weights.at("output.bias")) bias = 0;
  trained.series->window_level = false;
  const Model model(std::make_shared<const TrainedNetwork>(std::move(trained)));
  const PermutationImportance found = permutation_importance(model, table, {.repeats = 200});
  // Of 50 windows, before steps 8 to 57, 23 end at 10; of the 150 steps after them 63 are 10, and 6
  // of those that follow a 10 are 20. Shuffled, a window ends at 10 in 23 of 50 cases.
  EXPECT_EQ(found.rows, 50);
  EXPECT_NEAR(found.score, 10 * 6.0 / 150, 1e-4);
  EXPECT_EQ(found.columns[0].column, "y, 1 step back");
  const double shuffled = 10 * (63.0 / 150 * 27 / 50 + 87.0 / 150 * 23 / 50);
  EXPECT_NEAR(found.columns[0].importance, shuffled - found.score, 0.1);
}

TEST(SeriesImportance, TheSameForAnyNumberOfThreads) {
  const Table table = series_table();
  const Model model = linear_model(table);
  EXPECT_EQ(importances(model, table, 1), importances(model, table, 3));
}

TEST(SeriesImportance, RejectsWhatCannotBeMeasured) {
  const Table table = series_table();
  const Model model = linear_model(table);
  EXPECT_THROW(permutation_importance(model, table, {.metric = "r2"}), Error);
  std::vector<Column> few = table.columns();
  for (Column& column : few) column.numbers.resize(kWindow);
  EXPECT_THROW(permutation_importance(model, Table(few)), Error);
}

}  // namespace

}  // namespace sinapse
