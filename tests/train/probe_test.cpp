// What a network looks like inside while it learns.
#include "train/probe.h"

#include <cmath>

#include <gtest/gtest.h>

#include <sinapse/trainer.h>

namespace sinapse {

namespace {

constexpr int kRows = 50;

Dataset rows_of_two() {
  Dataset data{.rows = kRows};
  data.inputs.push_back({.columns = 2});
  for (int r = 0; r < kRows; ++r) {
    const double x = 0.1 * r;
    data.inputs[0].numbers.insert(data.inputs[0].numbers.end(),
                                  {static_cast<float>(std::sin(x)), static_cast<float>(x)});
    data.target.push_back(static_cast<float>(2 * x - 1));
  }
  return data;
}

std::vector<LayerState> look(const NetworkDescription& network, const Dataset& data,
                             std::map<std::string, std::vector<float>> changed = {},
                             const std::vector<std::string>& frozen = {}) {
  Trainer trainer(network, {2});
  auto weights = trainer.weights();
  for (const auto& [name, values] : changed) weights[name] = values;
  const Model model = trainer.model();
  std::vector<int64_t> rows;
  for (int64_t r = 0; r < data.rows; ++r) rows.push_back(r);
  Team team(2);
  Probe probe({model.trained(), data, rows, frozen, team});
  auto states = probe.look(weights);
  EXPECT_EQ(probe.look(weights).front().gradient_norm, states.front().gradient_norm)
      << "nothing is added to what was there before";
  return states;
}

TEST(Probe, GradientNormIsThatOfTheMeanLoss) {
  const Dataset data = rows_of_two();
  const auto states = look(dense_network({}, "relu", 1), data,
                           {{"output.weight", {0.5f, -1}}, {"output.bias", {0.25f}}});
  double gradient[3] = {};  // of the weights and the bias, by hand
  for (int r = 0; r < kRows; ++r) {
    const float* x = data.inputs[0].numbers.data() + 2 * r;
    const double off = 2 * (0.5 * x[0] - x[1] + 0.25 - data.target[r]) / kRows;
    gradient[0] += off * x[0];
    gradient[1] += off * x[1];
    gradient[2] += off;
  }
  ASSERT_EQ(states.size(), 1u);
  EXPECT_EQ(states[0].layer, "output");
  EXPECT_NEAR(states[0].gradient_norm, std::hypot(gradient[0], gradient[1], gradient[2]), 1e-4);
  EXPECT_NEAR(states[0].weight_norm, std::sqrt(0.25 + 1 + 0.0625), 1e-6);
  EXPECT_EQ(states[0].units, 0) << "its output has no activation";
}

TEST(Probe, CountsUnitsThatAreAlwaysZero) {
  const auto states =
      look(dense_network({4}, "relu", 1), rows_of_two(), {{"dense1.bias", {-100, 5, -100, -100}}});
  ASSERT_EQ(states.size(), 2u);
  EXPECT_EQ(states[0].units, 4);
  EXPECT_EQ(states[0].dead, 3);
  const auto smooth = look(dense_network({4}, "tanh", 1), rows_of_two(), {});
  EXPECT_EQ(smooth[0].dead, 0);
}

TEST(Probe, FrozenLayersHaveNoGradient) {
  const auto states = look(dense_network({4}, "tanh", 1), rows_of_two(), {}, {"dense1"});
  EXPECT_EQ(states[0].gradient_norm, 0);
  EXPECT_GT(states[0].weight_norm, 0);
  EXPECT_GT(states[1].gradient_norm, 0);
}

}  // namespace

}  // namespace sinapse
