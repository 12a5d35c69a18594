// Training with products in bf16: near to float32 with every set of instructions, the same bits on
// any number of threads.
#include <cmath>

#include <gtest/gtest.h>

#include "compile/plan.h"
#include "cpu/bf16_sets.h"
#include "cpu/kernels.h"
#include "cpu/plan_harness.h"

namespace sinapse {

namespace {

std::vector<PlanCase> cases() {
  std::vector<PlanCase> all{
      {.name = "wide",
       .network = {{dense(200, "relu"), dense(130, "tanh"), dense(10)}},
       .inputs = {{"x", {100}}},
       .loss = "categorical_crossentropy",
       .batches = {70, 70, 33},
       .max_rows = 70},
      {.name = "odd_sizes",
       .network = {{dense(33, "gelu"), dense(65, "tanh"), dense(17, "swish"), dense(7)}},
       .inputs = {{"x", {13}}},
       .loss = "categorical_crossentropy",
       .optimizer = "momentum",
       .batches = {5, 1, 2},
       .max_rows = 5},
      {.name = "many_outputs",
       .network = {{dense(40, "relu"), dense(600)}},
       .inputs = {{"x", {300}}},
       .loss = "mean_squared_error",
       .batches = {300, 299},
       .max_rows = 300},
      {.name = "branches",
       .network = {{layer("dense", {{"units", int64_t{90}}, {"use_bias", false}}, {"x"}, "a"),
                    layer("dense", {{"units", int64_t{90}}, {"use_bias", false}}, {"x"}, "b"),
                    layer("add", {}, {"a", "b"}), layer("batch_normalization"),
                    layer("activation", {{"activation", std::string("relu")}}), dense(5)}},
       .inputs = {{"x", {48}}},
       .loss = "categorical_crossentropy",
       .optimizer = "adam(epsilon=0.1)",
       .batches = {64, 64},
       .max_rows = 64},
      {.name = "gathered",
       .network = {{dense(100, "relu"), dense(10)}},
       .inputs = {{"x", {70}}},
       .loss = "categorical_crossentropy",
       .batches = {40, 40, 40},
       .max_rows = 40},
      {.name = "limited",
       .network = {{layer("dense", {{"units", int64_t{80}},
                                    {"activation", std::string("relu")},
                                    {"kernel_constraint", std::string("max_norm(1)")}}),
                    dense(6)}},
       .inputs = {{"x", {50}}},
       .loss = "categorical_crossentropy",
       .batches = {40, 40},
       .max_rows = 40},
  };
  for (PlanCase& one : all) {
    if (one.name == "gathered") one.rules = {.l2 = 0.01, .clip_norm = 0.5, .accumulate = true};
  }
  return all;
}

double largest(const std::vector<double>& numbers) {
  double most = 0;
  for (const double number : numbers) most = std::max(most, std::abs(number));
  return most;
}

// The root of the mean square, of all differences: single numbers may stand near a kink.
double difference(const std::vector<double>& a, const std::vector<double>& b) {
  double squares = 0;
  for (size_t i = 0; i < a.size(); ++i) squares += (a[i] - b[i]) * (a[i] - b[i]);
  return std::sqrt(squares / static_cast<double>(std::max<size_t>(1, a.size())));
}

class Bf16Plan : public testing::TestWithParam<PlanCase> {};

// An operand errs by up to 2^-9 of itself, a sum of many less.
TEST_P(Bf16Plan, LearnsWhatFloat32Learns) {
  const PreparedCase prepared(GetParam());
  Team team(2);
  const PlanOutcome expected = train_by_plan(prepared, team);
  for_each_bf16_set([&] {
    const PlanOutcome actual = train_by_plan(prepared, team, {}, ProductPrecision::bf16);
    EXPECT_FALSE(actual == expected);
    for (size_t step = 0; step < expected.losses.size(); ++step) {
      EXPECT_LT(difference(actual.losses[step], expected.losses[step]),
                0.02 * largest(expected.losses[step]));
      EXPECT_LT(difference(actual.outputs[step], expected.outputs[step]),
                0.02 * largest(expected.outputs[step]));
    }
    for (size_t id = 0; id < expected.persistent.size(); ++id) {
      const std::vector<double> initial(prepared.initial[id].begin(), prepared.initial[id].end());
      const double movement = difference(expected.persistent[id], initial);
      EXPECT_LE(difference(actual.persistent[id], expected.persistent[id]), 0.05 * movement)
          << prepared.training.graph.values()[id].name;
    }
  });
}

TEST_P(Bf16Plan, HasTheSameBitsOnAnyNumberOfThreads) {
  const PreparedCase prepared(GetParam());
  for_each_bf16_set([&] {
    Team alone(1);
    const PlanOutcome expected = train_by_plan(prepared, alone, {}, ProductPrecision::bf16);
    for (const int num_threads : {2, 3, 8}) {
      Team team(num_threads);
      EXPECT_TRUE(train_by_plan(prepared, team, {}, ProductPrecision::bf16) == expected)
          << num_threads << " threads";
    }
  });
}

// What a plan computes in bf16 is what its kernels are named after.
TEST_P(Bf16Plan, MultipliesInBf16) {
  const PreparedCase prepared(GetParam());
  const auto plan = compile(prepared.training.graph,
                            {.max_rows = prepared.described.max_rows,
                             .precision = ProductPrecision::bf16,
                             .training = true},
                            cpu_kernels());
  for (const Stage& stage : plan->stages) {
    for (const Step& step : stage.steps) {
      const bool multiplies = step.name.find("Gemm") != std::string::npos;
      EXPECT_EQ(step.name.find("bf16") != std::string::npos, multiplies) << step.name;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Networks, Bf16Plan, testing::ValuesIn(cases()),
                         [](const auto& info) { return info.param.name; });

}  // namespace

}  // namespace sinapse
