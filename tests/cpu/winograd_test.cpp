// Convolutions of 3 x 3 windows by minimal filtering: which, and how exact. That they are right is
// shown with all other convolutions, by plan_test.cpp and convolution_golden_test.cpp.
#include <cmath>

#include <gtest/gtest.h>

#include "compile/interpreter.h"
#include "compile/plan.h"
#include "cpu/executor.h"
#include "cpu/instruction_sets.h"
#include "cpu/kernels.h"
#include "data/philox.h"
#include "ops/operators.h"

namespace sinapse {

namespace {

struct Case {
  int64_t inputs, outputs, height, width;
  std::vector<int64_t> kernel = {3, 3}, strides = {1, 1}, dilations = {1, 1}, pads = {1, 1, 1, 1};
};

class OneConvolution {
 public:
  explicit OneConvolution(const Case& c) {
    x = graph.add_input("x", batched({c.inputs, c.height, c.width}));
    weight = graph.add_parameter("weight", {c.outputs, c.inputs, c.kernel[0], c.kernel[1]});
    y = graph.append(op::conv(), "conv", {x, weight},
                     {{"strides", c.strides}, {"dilations", c.dilations}, {"pads", c.pads}})[0];
    graph.set_outputs({y});
  }

  std::shared_ptr<const Plan> plan() const {
    return compile(graph, {.max_rows = kRows}, cpu_kernels());
  }

  static constexpr int64_t kRows = 3;
  Graph graph;
  ValueId x, weight, y;
};

bool filters_minimally(const Case& c) {
  const std::shared_ptr<const Plan> plan = OneConvolution(c).plan();
  for (const Stage& stage : plan->stages) {
    for (const Step& step : stage.steps) {
      if (step.name.ends_with(" by minimal filtering")) return true;
    }
  }
  return false;
}

std::vector<float> random_numbers(int64_t count, uint64_t purpose) {
  const RandomStream random(1, purpose, 0);
  std::vector<float> numbers(count);
  for (int64_t i = 0; i < count; ++i) numbers[i] = static_cast<float>(random.normal(i));
  return numbers;
}

// The root of the mean squared error, as a share of that of the results.
double error_of(const Case& c) {
  OneConvolution one(c);
  const std::vector<float> x = random_numbers(one.kRows * c.inputs * c.height * c.width, 1);
  const std::vector<float> weight = random_numbers(row_size(one.graph.shape(one.weight)), 2);
  Interpreter<double> exact(one.graph);
  exact.value(one.x).assign(x.begin(), x.end());
  exact.value(one.weight).assign(weight.begin(), weight.end());
  exact.run(one.kRows, {});
  Team team(1);
  Executor executor(one.plan(), team);
  executor.write(one.weight, weight);
  const View<float> input = executor.rows(one.x, one.kRows);
  for (int64_t r = 0; r < one.kRows; ++r)
    std::copy_n(x.data() + r * input.columns, input.columns, input.row(r));
  executor.run(one.kRows);
  const View<float> y = executor.rows(one.y, one.kRows);
  double error = 0, size = 0;
  for (int64_t r = 0; r < one.kRows; ++r) {
    for (int64_t i = 0; i < y.columns; ++i) {
      const double expected = exact.value(one.y)[r * y.columns + i];
      error += std::pow(static_cast<double>(y.at(r, i)) - expected, 2);
      size += expected * expected;
    }
  }
  return std::sqrt(error / size);
}

TEST(MinimalFiltering, IsForOverlappingWindowsOfNinePlaces) {
  EXPECT_TRUE(filters_minimally({16, 16, 8, 8}));
  EXPECT_TRUE(filters_minimally({20, 70, 9, 7, {3, 3}, {1, 1}, {1, 1}, {0, 2, 1, 0}}));
  EXPECT_FALSE(filters_minimally({16, 16, 8, 8, {3, 3}, {2, 2}}));
  EXPECT_FALSE(filters_minimally({16, 16, 8, 8, {3, 3}, {1, 1}, {2, 2}, {2, 2, 2, 2}}));
  EXPECT_FALSE(filters_minimally({16, 16, 8, 8, {5, 5}, {1, 1}, {1, 1}, {2, 2, 2, 2}}));
  EXPECT_FALSE(filters_minimally({16, 16, 8, 8, {1, 1}, {1, 1}, {1, 1}, {0, 0, 0, 0}}));
  EXPECT_FALSE(filters_minimally({3, 16, 8, 8})) << "few inputs are read in plain order";
}

// A plain sum of 576 products rounds to about 1e-7 of its size by vectors, 4e-7 at worst.
TEST(MinimalFiltering, IsNotForFewTilesOfALargeWeight) {
  EXPECT_TRUE(filters_minimally({64, 64, 4, 4}));
  EXPECT_FALSE(filters_minimally({128, 128, 4, 4}));
  EXPECT_FALSE(filters_minimally({512, 512, 3, 4}));
  EXPECT_TRUE(filters_minimally({512, 512, 6, 6}));
}

TEST(MinimalFiltering, IsNearlyAsExactAsSums) {
  const Case direct{64, 64, 8, 8, {3, 3}, {2, 2}};
  for_each_instruction_set([&] {
    EXPECT_LT(error_of(direct), 5e-7);
    EXPECT_LT(error_of({64, 64, 8, 8}), 1e-6);
    EXPECT_LT(error_of({64, 64, 8, 8}), 4 * error_of(direct));
    EXPECT_LT(error_of({24, 40, 5, 13, {3, 3}, {1, 1}, {1, 1}, {2, 0, 1, 2}}), 1e-6);
  });
}

}  // namespace

}  // namespace sinapse
