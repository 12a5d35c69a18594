// Operators on sequences by numbers that can be checked by hand.
#include <cmath>

#include <gtest/gtest.h>

#include <sinapse/error.h>

#include "compile/interpreter.h"
#include "ops/mask_steps.h"
#include "ops/operators.h"

namespace sinapse {

namespace {

struct Value {
  Shape shape;
  std::vector<double> numbers;
};

// An output of the operator for one row.
std::vector<double> evaluate(const Operator& op, const std::vector<Value>& inputs,
                             const Attributes& attributes = {}, size_t output = 0) {
  Graph graph;
  std::vector<ValueId> ids;
  for (const Value& input : inputs) {
    const std::string name = "input" + std::to_string(ids.size());
    ids.push_back(input.shape.empty()       ? kNoValue
                  : is_batched(input.shape) ? graph.add_input(name, input.shape)
                                            : graph.add_parameter(name, input.shape));
  }
  const ValueId y = graph.append(op, "tested", ids, attributes)[output];
  graph.set_outputs({y});
  Interpreter<double> interpreter(graph);
  for (size_t i = 0; i < ids.size(); ++i) {
    if (ids[i] != kNoValue) interpreter.value(ids[i]) = inputs[i].numbers;
  }
  interpreter.run(1);
  return interpreter.value(y);
}

const Value kNone{};

TEST(SequenceLengths, EndAtTheLastStepThatIsNotAllPadding) {
  const auto length = [](std::vector<double> x, Shape shape, double padding = 0) {
    return evaluate(op::sequence_lengths(), {{batched(std::move(shape)), std::move(x)}},
                    {{"padding", padding}})[0];
  };
  EXPECT_EQ(length({5, 0, 3, 0, 0}, {5}), 3);
  EXPECT_EQ(length({0, 0, 0}, {3}), 0);
  EXPECT_EQ(length({0, 0, 2}, {3}), 3);
  EXPECT_EQ(length({0, 0, 0, 7, 0, 0}, {3, 2}), 2);
  EXPECT_EQ(length({1, -1, -1}, {3}, -1), 1);
}

TEST(PoolSteps, TakesOnlyTheStepsThatCount) {
  const Value x{batched({3, 2}), {1, 8, 5, 2, 100, 100}};
  const auto pooled = [&](const char* mode, double length) {
    return evaluate(op::pool_steps(), {x, {batched({1}), {length}}}, {{"mode", std::string(mode)}});
  };
  EXPECT_EQ(pooled("mean", 2), (std::vector<double>{3, 5}));
  EXPECT_EQ(pooled("max", 2), (std::vector<double>{5, 8}));
  EXPECT_EQ(pooled("last", 2), (std::vector<double>{5, 2}));
  EXPECT_EQ(pooled("last", 0), (std::vector<double>{1, 8})) << "at least one step counts";
  EXPECT_EQ(pooled("last", 9), (std::vector<double>{100, 100}));
}

TEST(MaskSteps, ZerosStandBehindTheLength) {
  const Value x{batched({3, 2}), {1, 8, 5, 2, 7, 9}};
  const auto masked = [&](double length) {
    return evaluate(op::mask_steps(), {x, {batched({1}), {length}}});
  };
  EXPECT_EQ(masked(2), (std::vector<double>{1, 8, 5, 2, 0, 0}));
  EXPECT_EQ(masked(0), std::vector<double>(6, 0.0));
  EXPECT_EQ(masked(9), x.numbers);
}

TEST(StepsCrossEntropy, IsTheMeanOverStepsWithALabel) {
  const auto loss = [](std::vector<double> labels) {
    return evaluate(op::softmax_cross_entropy(), {{batched({3, 2}), {0, 0, std::log(3.0), 0, 9, 1}},
                                                  {batched({3}), std::move(labels)}})[0];
  };
  EXPECT_NEAR(loss({1, 0, NAN}), (std::log(2.0) + std::log(4.0 / 3)) / 2, 1e-12);
  EXPECT_NEAR(loss({NAN, 1, NAN}), std::log(4.0), 1e-12);
  EXPECT_EQ(loss({NAN, NAN, NAN}), 0);
}

TEST(Positions, AreSinesAndCosinesOfFallingFrequency) {
  const auto y = evaluate(op::positions(), {{batched({3, 4}), std::vector<double>(12, 1.0)}});
  EXPECT_DOUBLE_EQ(y[0], 1);
  EXPECT_DOUBLE_EQ(y[1], 2);
  EXPECT_DOUBLE_EQ(y[8], 1 + std::sin(2.0));
  EXPECT_DOUBLE_EQ(y[9], 1 + std::cos(2.0));
  EXPECT_DOUBLE_EQ(y[10], 1 + std::sin(0.02));
}

TEST(Attention, MixesValuesByTheSimilarityOfQueryAndKey) {
  // Query and key of one channel: the second step's key is 2 log 3 further on.
  const double k = std::log(3.0);
  const Value q{batched({2, 1}), {1, 1}}, keys{batched({2, 1}), {0, k}}, v{batched({2, 1}), {4, 8}};
  const auto y = evaluate(op::attention(), {q, keys, v});
  EXPECT_NEAR(y[0], 0.25 * 4 + 0.75 * 8, 1e-12);
  const auto past = evaluate(op::attention(), {q, keys, v}, {{"causal", int64_t{1}}});
  EXPECT_NEAR(past[0], 4, 1e-12);
  EXPECT_NEAR(past[1], 7, 1e-12);
  const auto first = evaluate(op::attention(), {q, keys, v, {batched({1}), {1}}});
  EXPECT_NEAR(first[1], 4, 1e-12);
}

TEST(Context, ElmanSeesItsOwnLastOutputs) {
  const Value sums{batched({3, 1}), {1, 0, 0}}, recurrence{{1, 1}, {0.5}};
  const Attributes decay{{"activation", std::string("identity")}, {"decay", 0.5}};
  // y: 1; c = 1 → y = 0.5; c = 0.5 + 0.5 = 1 → y = 0.5.
  EXPECT_EQ(evaluate(op::context(), {sums, recurrence}, decay), (std::vector<double>{1, 0.5, 0.5}));
  EXPECT_EQ(evaluate(op::context(), {sums, recurrence}, decay, 2), (std::vector<double>{1}));
}

TEST(Context, JordanSeesTheLastOutputsBehindIt) {
  const Value sums{batched({2, 2}), {1, 2, 0, 0}}, recurrence{{2, 1}, {10, 20}};
  const Value output_weight{{1, 2}, {1, 1}}, output_bias{{1}, {0.5}};
  const Attributes linear{{"activation", std::string("identity")}};
  // y_1 = 1 + 2 + 0.5; the context is then 3.5 and y_2 = 35 + 70 + 0.5.
  EXPECT_EQ(
      evaluate(op::context(), {sums, recurrence, kNone, kNone, output_weight, output_bias}, linear),
      (std::vector<double>{3.5, 105.5}));
}

TEST(Context, GoesOnFromItsLastState) {
  const Value recurrence{{1, 1}, {0.5}};
  const Attributes decay{{"decay", 0.3}};
  const auto whole = evaluate(op::context(), {{batched({4, 1}), {1, 2, -1, 3}}, recurrence}, decay);
  const Value first{batched({2, 1}), {1, 2}}, second{batched({2, 1}), {-1, 3}};
  const auto state = evaluate(op::context(), {first, recurrence}, decay, 2);
  const auto rest =
      evaluate(op::context(), {second, recurrence, kNone, {batched({1}), state}}, decay);
  EXPECT_EQ(rest, (std::vector<double>{whole[2], whole[3]}));
}

TEST(Context, RejectsADecayThatNeverForgets) {
  const Value sums{batched({2, 1}), {1, 1}}, recurrence{{1, 1}, {0.5}};
  EXPECT_THROW(evaluate(op::context(), {sums, recurrence}, {{"decay", 1.0}}), Error);
}

}  // namespace

}  // namespace sinapse
