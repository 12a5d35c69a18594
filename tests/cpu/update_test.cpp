// Every optimizer as a SIMD kernel: the same bits as its formula in float, weight by weight.
#include "cpu/update.h"

#include <cmath>

#include "compile/interpreter.h"
#include "cpu/instruction_sets.h"
#include "data/philox.h"
#include "ops/operators.h"
#include "ops/prepare_update.h"

namespace sinapse {

namespace {

constexpr const char* kUpdates[] = {"sgd(weight_decay=0.1)",
                                    "momentum(dampening=0.2,weight_decay=0.1)",
                                    "nesterov(weight_decay=0.1)",
                                    "adagrad(initial_accumulator_value=0.1,weight_decay=0.1)",
                                    "adadelta(weight_decay=0.1)",
                                    "rmsprop(weight_decay=0.1)",
                                    "rmsprop(centered=true)",
                                    "rmsprop(momentum=0.9)",
                                    "rmsprop(centered=true,momentum=0.9)",
                                    "adam(weight_decay=0.1)",
                                    "adam(amsgrad=true)",
                                    "adamw",
                                    "adamw(amsgrad=true)",
                                    "adamax(weight_decay=0.1)",
                                    "nadam(weight_decay=0.1)",
                                    "nadam(weight_decay=0.1,decoupled_weight_decay=true)",
                                    "radam(weight_decay=0.1)",
                                    "radam(weight_decay=0.1,decoupled_weight_decay=true)",
                                    "lion(weight_decay=0.1)",
                                    "rprop",
                                    "rprop(step_size_min=0.02,step_size_max=0.03)"};

constexpr int kSteps = 8;  // radam changes its formula after 5
constexpr double kLearningRate = 0.02;

// Gradients with zeros among them; their signs change.
std::vector<float> gradient_of(int step, int64_t n) {
  const RandomStream random(5, 7, step);
  std::vector<float> gradient(n);
  for (int64_t i = 0; i < n; ++i) {
    gradient[i] = i % 5 == 4 ? 0.0f : static_cast<float>(random.normal(i));
  }
  return gradient;
}

// Weight and moments after kSteps.
using Tensors = std::vector<std::vector<float>>;

Tensors start(const Optimizer& optimizer, int64_t n) {
  Tensors tensors(1 + num_moments(optimizer), std::vector<float>(n, 0.0f));
  for (int64_t i = 0; i < n; ++i) tensors[0][i] = std::sin(static_cast<float>(i));
  return tensors;
}

Tensors by_formula(const Optimizer& optimizer, int64_t n) {
  Graph graph;
  std::vector<ValueId> ids{graph.add_parameter("weight", {n}), graph.add_state("gradient", {n})};
  for (int m = 0; m < num_moments(optimizer); ++m) {
    ids.push_back(graph.add_state("moment" + std::to_string(m), {n}));
  }
  graph.append(op::update(), "update", ids, {{"optimizer", to_string(optimizer)}});
  Interpreter<float> interpreter(graph);
  const Tensors initial = start(optimizer, n);
  interpreter.value(ids[0]) = initial[0];
  for (int step = 1; step <= kSteps; ++step) {
    interpreter.value(ids[1]) = gradient_of(step, n);
    interpreter.run(1, {.step = step, .learning_rate = kLearningRate});
  }
  Tensors result{interpreter.value(ids[0])};
  for (size_t i = 2; i < ids.size(); ++i) result.push_back(interpreter.value(ids[i]));
  return result;
}

Tensors by_kernel(const Optimizer& optimizer, int64_t n) {
  Tensors tensors = start(optimizer, n);
  float* moments[kMaxMoments] = {};
  for (size_t m = 1; m < tensors.size(); ++m) moments[m - 1] = tensors[m].data();
  const UpdateFunction update = update_function(optimizer);
  for (int step = 1; step <= kSteps; ++step) {
    const Scalars prepared = prepare_update(optimizer, kLearningRate, step);
    const std::vector<float> scalars(prepared.begin(), prepared.end());
    update(tensors[0].data(), gradient_of(step, n).data(), moments, n, scalars.data());
  }
  return tensors;
}

class UpdateKernel : public testing::TestWithParam<const char*> {};

// Where products and sums are rounded one by one, they differ from the formula in the last places.
void expect_close(const Tensors& actual, const Tensors& expected) {
  ASSERT_EQ(actual.size(), expected.size());
  for (size_t t = 0; t < actual.size(); ++t) {
    for (size_t i = 0; i < actual[t].size(); ++i) {
      const float tolerance = 1e-5f * std::max(1.0f, std::abs(expected[t][i]));
      EXPECT_NEAR(actual[t][i], expected[t][i], tolerance) << t << ", " << i;
    }
  }
}

TEST_P(UpdateKernel, EqualsTheFormulaBitForBit) {
  const Optimizer optimizer = parse_optimizer(GetParam());
  for (const int64_t n : {1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 33, 100}) {
    SCOPED_TRACE(n);
    const Tensors expected = by_formula(optimizer, n);
    ASSERT_NE(expected[0], start(optimizer, n)[0]);
    for_each_instruction_set([&](int64_t target) {
      const Tensors actual = by_kernel(optimizer, n);
      if (rounds_once(target)) {
        EXPECT_EQ(actual, expected);
      } else {
        expect_close(actual, expected);
      }
    });
  }
}

// A gradient that is not a number must show in the weight, so that training can stop and say so.
TEST_P(UpdateKernel, PassesNotANumberOn) {
  const Optimizer optimizer = parse_optimizer(GetParam());
  for_each_instruction_set([&] {
    Tensors tensors = start(optimizer, 3);
    float* moments[kMaxMoments] = {};
    for (size_t m = 1; m < tensors.size(); ++m) moments[m - 1] = tensors[m].data();
    const Scalars prepared = prepare_update(optimizer, kLearningRate, 1);
    const std::vector<float> scalars(prepared.begin(), prepared.end());
    const float gradient[] = {1, NAN, 1};
    update_function(optimizer)(tensors[0].data(), gradient, moments, 3, scalars.data());
    EXPECT_FALSE(std::isnan(tensors[0][0]));
    EXPECT_TRUE(std::isnan(tensors[0][1]));
  });
}

INSTANTIATE_TEST_SUITE_P(Optimizers, UpdateKernel, testing::ValuesIn(kUpdates),
                         [](const auto& info) { return "case" + std::to_string(info.index); });

TEST(UpdateKernels, CasesLeaveNoOptimizerOut) {
  for (const OptimizerDefinition& definition : optimizers()) {
    if (definition.full_batch) continue;  // train/full_batch_test.cpp
    const bool found = std::any_of(std::begin(kUpdates), std::end(kUpdates), [&](const char* text) {
      return parse_optimizer(text).definition == &definition;
    });
    EXPECT_TRUE(found) << definition.name;
  }
}

}  // namespace

}  // namespace sinapse
