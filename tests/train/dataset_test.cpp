// Rows of a data set as a step of training takes them.
#include "train/dataset.h"

#include <cmath>

#include <gtest/gtest.h>

#include "train/stepper.h"

namespace sinapse {

namespace {

Dataset two_targets() {
  Dataset data{.rows = 3};
  data.inputs.push_back({.columns = 1, .numbers = {10, 20, 30}});
  data.target = {1, 2, NAN, 4, NAN, NAN};
  data.target_width = 2;
  return data;
}

// What copy_row writes for one row of a batch.
struct Copied {
  float input = 0, target[2] = {}, weight = 0;
};

Copied copied(const Dataset& data, const std::vector<int64_t>& rows, int64_t mean_rows) {
  Copied to;
  const View<float> inputs[] = {{&to.input, 1, 1, 1}};
  Batch{data, rows, mean_rows}.copy_row(0, {},
                                        {inputs, {to.target, 1, 2, 2}, {&to.weight, 1, 1, 1}});
  return to;
}

TEST(Dataset, KnowsRowsWithAnyTarget) {
  EXPECT_EQ(known_rows(two_targets()), (std::vector<int64_t>{0, 1}));
}

TEST(Dataset, LossWeightsAreThoseOfRowsTimesThoseOfClasses) {
  Dataset data{.rows = 3};
  data.target = {1, 0, 1};
  set_loss_weights(data, {});
  EXPECT_TRUE(data.loss_weights.empty());
  set_loss_weights(data, std::vector<double>{1, 4});
  EXPECT_EQ(data.loss_weights, (std::vector<float>{4, 1, 4}));
  data.weights = {2, 3, 0.5};
  set_loss_weights(data, std::vector<double>{1, 4});
  EXPECT_EQ(data.loss_weights, (std::vector<float>{8, 3, 2}));
  normalise_loss_weights(data, std::vector<int64_t>{0, 2});
  EXPECT_EQ(data.loss_weights, (std::vector<float>{1.6f, 0.6f, 0.4f}));
}

TEST(Batch, CopiesAllTargetsOfARow) {
  const Copied row = copied(two_targets(), {1, 0}, 0);
  EXPECT_EQ(row.input, 20);
  EXPECT_TRUE(std::isnan(row.target[0]));
  EXPECT_EQ(row.target[1], 4);
  EXPECT_EQ(row.weight, 0.5f);
}

TEST(Batch, WeightsMultiplyTheShareInTheMean) {
  Dataset data = two_targets();
  data.loss_weights = {0.5, 3, 1};
  EXPECT_EQ(copied(data, {1, 0}, 0).weight, 1.5f);
  EXPECT_EQ(copied(data, {1, 0}, 4).weight, 0.75f);
}

}  // namespace

}  // namespace sinapse
