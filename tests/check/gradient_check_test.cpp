#include "check/gradient_check.h"

#include <gtest/gtest.h>

#include <sinapse/gradient_check.h>
#include <sinapse/loss.h>

#include "ops/operators.h"
#include "train/losses.h"

namespace sinapse {

namespace {

// y = x^2 whose derivative lacks the 2.
std::vector<ValueId> wrong_gradient(GradientBuilder& builder, const Node& node,
                                    std::span<const ValueId> dy) {
  return {builder.append(op::multiply(), node, {node.inputs[0], dy[0]})};
}

template <class T>
void square(const ReferenceCall<T>& call) {
  for (int64_t r = 0; r < call.outputs[0].rows; ++r)
    for (int64_t c = 0; c < call.outputs[0].columns; ++c)
      call.outputs[0].at(r, c) = call.inputs[0].at(r, c) * call.inputs[0].at(r, c);
}

const Operator kWrongSquare{
    .name = "WrongSquare",
    .doc = "",
    .attributes = {},
    .infer = [](const Graph& graph,
                const Node& node) { return std::vector<Shape>{graph.shape(node.inputs[0])}; },
    .gradient = wrong_gradient,
    .reference32 = square<float>,
    .reference64 = square<double>};

double worst_of(const std::vector<GradientError>& errors) {
  double worst = 0;
  for (const GradientError& one : errors) worst = std::max(worst, one.relative_error);
  return worst;
}

TEST(GradientCheck, EveryActivationHasTheRightDerivative) {
  for (const char* name :
       {"relu", "sigmoid", "tanh", "elu", "gelu", "softsign", "hard_tanh", "mish"}) {
    const auto errors = check_gradients(dense_network({5, 4}, name, 2), {{"x", {3}}}, "mse");
    EXPECT_EQ(errors.size(), 7u);  // three layers' weights and biases, and the input
    EXPECT_LT(worst_of(errors), kWrongGradient) << name;
  }
}

TEST(GradientCheck, LayersOfManyKinds) {
  const NetworkDescription network{
      {{.type = "conv2d", .fields = {{"filters", int64_t{3}}, {"activation", std::string("relu")}}},
       {.type = "batch_normalization"},
       {.type = "max_pool"},
       {.type = "dropout", .fields = {{"rate", 0.5}}},
       {.type = "flatten"},
       {.type = "dense", .fields = {{"units", int64_t{4}}, {"activation", std::string("tanh")}}},
       {.type = "dense", .name = "output", .fields = {{"units", int64_t{3}}}}}};
  EXPECT_LT(worst_of(check_gradients(network, {{"pixels", {1, 8, 8}}}, "categorical_crossentropy")),
            kWrongGradient);
  const NetworkDescription recurrent{
      {{.type = "lstm", .fields = {{"units", int64_t{4}}}},
       {.type = "dense", .name = "output", .fields = {{"units", int64_t{1}}}}}};
  EXPECT_LT(worst_of(check_gradients(recurrent, {{"x", {5, 2}}}, "binary_crossentropy")),
            kWrongGradient);
}

TEST(GradientCheck, EveryLossHasTheRightSlope) {
  for (const LossDefinition& loss : losses()) {
    const int64_t outputs = loss.tasks.front() == Task::binary ? 1 : 3;
    const auto errors =
        check_gradients(dense_network({5}, "tanh", outputs), {{"x", {3}}}, std::string(loss.name));
    EXPECT_LT(worst_of(errors), kWrongGradient) << loss.name;
  }
}

TEST(GradientCheck, FindsAWrongDerivative) {
  LossGraph graph;
  const ValueId x = graph.graph.add_input("x", batched({3}));
  graph.inputs = {x};
  graph.output = graph.graph.append(kWrongSquare, "wrong", {x})[0];
  graph.target = graph.graph.add_input("target", batched({3}));
  graph.loss = append_loss(graph.graph, parse_loss("mse"), graph.output, graph.target);
  const Dataset data = draw_data(graph, "mse", 4, 1);
  const auto errors = check_gradients(graph, {}, data, GradientCheckOptions{});
  ASSERT_EQ(errors.size(), 1u);
  EXPECT_GT(errors[0].relative_error, 0.4);
  EXPECT_NEAR(errors[0].gradient / errors[0].difference, 0.5, 1e-4);
}

}  // namespace

}  // namespace sinapse
