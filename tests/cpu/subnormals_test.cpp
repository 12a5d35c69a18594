// Subnormal numbers are 0 while a plan runs, and only then.
#include "cpu/subnormals.h"

#include <gtest/gtest.h>

#include "compile/plan.h"
#include "cpu/executor.h"
#include "cpu/kernels.h"
#include "ops/operators.h"
#include "ops/prepare_update.h"

namespace sinapse {

namespace {

float half_of(volatile float x) {
  return x * 0.5f;
}

TEST(Subnormals, AreZeroWhileTheyAreFlushed) {
  ASSERT_GT(half_of(2e-38f), 0.0f);
  {
    const FlushSubnormals flush;
    EXPECT_EQ(half_of(2e-38f), 0.0f);
    EXPECT_EQ(half_of(4e-38f), 2e-38f);
  }
  EXPECT_GT(half_of(2e-38f), 0.0f);
}

// One step of Adam without a gradient: a moment on its way to nothing.
std::vector<float> moment_after_step(int64_t n, int num_threads) {
  Graph graph;
  const ValueId weight = graph.add_parameter("weight", {n});
  const ValueId gradient = graph.add_state("gradient", {n});
  const ValueId mean = graph.add_state("mean", {n}), square = graph.add_state("square", {n});
  graph.append(op::update(), "update", {weight, gradient, mean, square}, {{"optimizer", "adam"}});
  Team team(num_threads);
  Executor executor(compile(std::move(graph), {.max_rows = 1, .training = true}, cpu_kernels()),
                    team);
  executor.write(mean, std::vector<float>(n, 1.2e-38f));
  executor.write(square, std::vector<float>(n, 1.0f));
  const Scalars prepared = prepare_update(parse_optimizer("adam"), 1e-3, 1);
  const std::vector<float> scalars(prepared.begin(), prepared.end());
  executor.run(1, {.step = 1, .learning_rate = 1e-3}, {}, scalars.data());
  return executor.read(mean);
}

TEST(Subnormals, AreNotLeftInMoments) {
  for (const int64_t n : {5, 400000}) {  // alone, and shared out
    for (const int num_threads : {1, 2}) {
      EXPECT_EQ(moment_after_step(n, num_threads), std::vector<float>(n, 0.0f));
    }
  }
}

}  // namespace

}  // namespace sinapse
