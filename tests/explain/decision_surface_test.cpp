#include "explain/decision_surface.h"

#include <gtest/gtest.h>

#include <sinapse/error.h>
#include <sinapse/train.h>

#include "explain/row_activations.h"
#include "explain/tables.h"
#include "network/trained_network.h"
#include "train/encode.h"

namespace sinapse {

namespace {

constexpr int64_t kRows = 101;

Table table_of() {
  const std::vector<double> a = normal_numbers(kRows, 1), b = normal_numbers(kRows, 2),
                            c = normal_numbers(kRows, 3);
  std::vector<int32_t> place, label;
  for (int64_t i = 0; i < kRows; ++i) {
    place.push_back(i % 3 == 0 ? 0 : 1);
    label.push_back(a[i] + b[i] > c[i] ? 1 : 0);
  }
  return Table({number_column("a", a), number_column("b", b), number_column("c", c),
                category_column("place", place, {"x", "y"}),
                category_column("label", label, {"no", "yes"})});
}

Model model_of(const Table& table) {
  RunOptions options;
  options.data.target = "label";
  options.network.hidden = {8, 5};
  options.features.interactions = {{"a", "b"}};
  options.training = {.epochs = 5, .threads = 1};
  return train(table, options).model;
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

TEST(DecisionSurface, IsWhatTheModelPredictsThere) {
  const Table table = table_of();
  const Model model = model_of(table);
  const DecisionSurface surface = decision_surface(model, table, "b", "a", {.resolution = 11});
  ASSERT_EQ(surface.values.size(), 121u);
  EXPECT_EQ(surface.outputs, std::vector<std::string>{"yes"});
  const double c = median(table.columns()[2].numbers);
  for (const size_t row : {0, 4, 10})
    for (const size_t column : {0, 7, 10}) {
      const Table one({number_column("a", {surface.y[row]}),
                       number_column("b", {surface.x[column]}), number_column("c", {c}),
                       category_column("place", {0}, {"y"})});
      EXPECT_NEAR(surface.values[row * 11 + column], model.predict(one).probabilities[1], 1e-6);
    }
  const auto [low, high] =
      std::minmax_element(table.columns()[1].numbers.begin(), table.columns()[1].numbers.end());
  EXPECT_LT(surface.x.front(), *low);
  EXPECT_GT(surface.x.back(), *high);
  EXPECT_EQ(surface.labels, table.columns()[4].codes);
}

TEST(DecisionSurface, RejectsWhatIsNoPlane) {
  const Table table = table_of();
  const Model model = model_of(table);
  EXPECT_THROW(decision_surface(model, table, "a", "place"), Error);
  EXPECT_THROW(decision_surface(model, table, "a", "a"), Error);
  EXPECT_THROW(decision_surface(model, table, "a", "d"), Error);
}

TEST(RowActivations, EndWithTheOutputOfTheNetwork) {
  const Table table = table_of();
  const Model model = model_of(table);
  const Dataset data = encode_inputs(*model.trained().features, table);
  const auto layers = row_activations(model.trained(), data, 7);
  ASSERT_EQ(layers.size(), 4u);
  EXPECT_EQ(layers[0].layer, "features");
  EXPECT_EQ(layers[1].layer, "dense1");
  EXPECT_EQ(layers[1].shape, Shape{8});
  for (const float value : layers[1].values) EXPECT_GE(value, 0);  // relu
  const double logit = layers[3].values[0];
  EXPECT_NEAR(1 / (1 + std::exp(-logit)), model.predict(table).probabilities[2 * 7 + 1], 1e-6);
}

}  // namespace

}  // namespace sinapse
