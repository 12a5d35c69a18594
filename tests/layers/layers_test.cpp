// Every layer type: the gradient of a small network that contains it, and what single ones promise.
#include "layers/layers.h"

#include <set>

#include <gtest/gtest.h>

#include "layers/layer_examples.h"
#include "network/expect_words.h"
#include "ops/operators.h"

namespace sinapse {

namespace {

TEST(Layers, GradientOfANetworkMatchesFiniteDifferences) {
  for (const Example& example : layer_examples()) {
    SCOPED_TRACE(example.type);
    ExampleRun(example).expect_gradients();
  }
}

TEST(Layers, EveryBuiltInTypeHasAnExample) {
  std::set<std::string> covered;
  for (const Example& example : layer_examples()) covered.insert(example.type);
  for (const std::string& type : layer_types()) {
    if (type.starts_with("test_")) continue;  // registered by other tests
    EXPECT_TRUE(covered.contains(type)) << type;
  }
}

TEST(Layers, TrainingAndInferenceHaveTheSameParameters) {
  for (const Example& example : layer_examples()) {
    const NetworkGraph training = build_network({example.layers}, example.inputs, true);
    const NetworkGraph inference = build_network({example.layers}, example.inputs, false);
    ASSERT_EQ(training.parameters.size(), inference.parameters.size()) << example.type;
    for (size_t p = 0; p < training.parameters.size(); ++p) {
      EXPECT_EQ(training.parameters[p].name, inference.parameters[p].name);
      EXPECT_EQ(training.parameters[p].shape, inference.parameters[p].shape);
    }
    EXPECT_EQ(training.graph.shape(training.output), inference.graph.shape(inference.output));
  }
}

TEST(Layers, DenseTakesItsInitializers) {
  const LayerDescription described =
      layer("dense", {{"units", int64_t{2}},
                      {"kernel_initializer", std::string("identity")},
                      {"bias_initializer", std::string("ones")}});
  const NetworkGraph network = build_network({{described}}, {{"x", {2}}}, true);
  EXPECT_EQ(network.parameters.at(0).initializer, "identity");
  EXPECT_EQ(network.parameters.at(1).initializer, "ones");
}

TEST(Layers, ScaleTheirInputByOneAtFirst) {
  for (const double factor : {1.0, 20.0}) {
    const auto network =
        build_network({{layer("scaling", {{"factor", factor}})}}, {{"x", {4}}}, true);
    EXPECT_EQ(network.parameters.at(0).initializer, factor == 1 ? "constant(1)" : "constant(0.05)");
  }
  expect_error(ErrorCode::model, {"scaling1", "factor", "1e-6", "-1"}, [] {
    build_network({{layer("scaling", {{"factor", -1.0}})}}, {{"x", {4}}}, true);
  });
}

TEST(Layers, RecurrentDropoutIsForTrainingAlone) {
  for (const char* type : {"rnn", "lstm", "gru", "context"}) {
    const auto masks = [&](double rate, bool training) {
      const auto network =
          build_network({{layer(type, {{"units", int64_t{3}}, {"recurrent_dropout", rate}})}},
                        {{"x", {4, 2}}}, training);
      const auto& nodes = network.graph.nodes();
      return std::count_if(nodes.begin(), nodes.end(),
                           [](const Node& node) { return node.op == &op::dropout_mask(); });
    };
    EXPECT_EQ(masks(0.4, true), 1) << type;
    EXPECT_EQ(masks(0.4, false), 0) << type;
    EXPECT_EQ(masks(0, true), 0) << type;
    for (const double rate : {1.0, -0.1})
      expect_error(ErrorCode::model, {type, "recurrent_dropout"}, [&] { masks(rate, true); });
    expect_error(ErrorCode::model, {type, "bptt_steps", "-1"}, [&] {
      build_network({{layer(type, {{"units", int64_t{3}}, {"bptt_steps", int64_t{-1}}})}},
                    {{"x", {4, 2}}}, true);
    });
  }
}

}  // namespace

}  // namespace sinapse
