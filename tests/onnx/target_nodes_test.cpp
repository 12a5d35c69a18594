// ONNX Runtime decodes logits as Target does.
#include <cmath>

#include <gtest/gtest.h>

#include "features/columns.h"
#include "onnx/feature_nodes.h"
#include "onnx/graph_values.h"
#include "onnx/node_models.h"

namespace sinapse {
namespace {

using nlohmann::json;

/// The outputs of a model that only decodes logits.
json decoded(const Target& target, const std::vector<float>& logits) {
  onnx::ModelProto model = empty_model();
  onnx::GraphProto& graph = *model.mutable_graph();
  describe_value(*graph.add_input(), "logits", onnx::TensorProto::FLOAT, {target.num_outputs()});
  append_target_nodes(graph, target, "logits");
  const std::vector<int64_t> shape = {static_cast<int64_t>(logits.size()) / target.num_outputs(),
                                      target.num_outputs()};
  return run_in_onnx_runtime(
      {{checked(model), {{"logits", {{"data", logits}, {"shape", shape}}}}}})[0];
}

TEST(TargetNodes, GiveNumbersInTheirUnit) {
  REQUIRE_ONNX_RUNTIME();
  const Table table({number_column("price", {10.5, 30.5})});
  const Target target = Target::fit(table, {.target = "price", .task = {}}, all_rows(2));
  const json outputs = decoded(target, {-1, 0, 2.25});
  EXPECT_EQ(outputs["price_predictions"]["shape"], json({3, 1}));
  expect_near(outputs["price_predictions"],
              {target.decode(-1), target.decode(0), target.decode(2.25)});
}

TEST(TargetNodes, GiveBothProbabilitiesAndTheName) {
  REQUIRE_ONNX_RUNTIME();
  const json outputs = decoded(Target::of_classes("spam", {"no", "sí"}), {-1, 0, 12});
  EXPECT_EQ(outputs["spam_predictions"]["data"], json({"no", "no", "sí"}));
  EXPECT_EQ(outputs["spam_predictions"]["shape"], json({3}));
  const float p = 1 / (1 + std::exp(1.0f));
  expect_near(outputs["spam_probabilities"], {1 - p, p, 0.5, 0.5, 6.1441746e-6f, 0.99999386f});
}

TEST(TargetNodes, GiveTheMostProbableOfManyClasses) {
  REQUIRE_ONNX_RUNTIME();
  const json outputs = decoded(Target::of_classes("kind", {"a", "b", "c"}), {0, 1, 2, 5, 5, -5});
  EXPECT_EQ(outputs["kind_predictions"]["data"], json({"c", "a"}));
  EXPECT_EQ(outputs["kind_probabilities"]["shape"], json({2, 3}));
  EXPECT_NEAR(number_of(outputs["kind_probabilities"]["data"][2]), 0.66524096, 1e-6);
}

TEST(TargetNodes, GiveEachOfSeveralNumbers) {
  REQUIRE_ONNX_RUNTIME();
  const Table table({number_column("a", {10.5, 30.5}), number_column("b", {-1.5, 2})});
  const Target target = Target::fit(table, {.target = "a,b", .task = {}}, all_rows(2));
  const std::vector<float> logits = {-1, 0, 2.25, 4};
  const std::vector<float> expected = target.decode(logits);
  const json outputs = decoded(target, logits);
  EXPECT_EQ(outputs["b_predictions"]["shape"], json({2, 1}));
  expect_near(outputs["a_predictions"], {expected[0], expected[2]});
  expect_near(outputs["b_predictions"], {expected[1], expected[3]});
}

TEST(TargetNodes, GiveSharesAndDirections) {
  REQUIRE_ONNX_RUNTIME();
  const Table table({number_column("a", {0.25, 1}), number_column("b", {0.75, 0})});
  const std::vector<float> outputs = {-1, 3, 0, 0};
  const std::pair<Task, OutputForm> cases[] = {{Task::distribution, OutputForm::distribution},
                                               {Task::regression, OutputForm::direction}};
  for (const auto& [task, form] : cases) {
    const Target target =
        Target::fit(table, {.target = "a,b", .task = task, .form = form}, all_rows(2));
    const std::vector<float> expected = target.decode(outputs);
    const json actual = decoded(target, outputs);
    expect_near(actual["a_predictions"], {expected[0], expected[2]});
    expect_near(actual["b_predictions"], {expected[1], expected[3]});
  }
}

TEST(TargetNodes, GiveEachOfSeveralLabels) {
  REQUIRE_ONNX_RUNTIME();
  const Table table({text_column("big", {"no", "yes"}), text_column("red", {"f", "t"})});
  Target target = Target::fit(table, {.target = "big,red", .task = {}}, all_rows(2));
  const json outputs = decoded(target, {-1, 12, 3, -2});
  EXPECT_EQ(outputs["big_predictions"]["data"], json({"no", "yes"}));
  EXPECT_EQ(outputs["red_predictions"]["data"], json({"t", "f"}));
  const float p = 1 / (1 + std::exp(1.0f)), q = 1 / (1 + std::exp(-3.0f));
  expect_near(outputs["big_probabilities"], {1 - p, p, 1 - q, q});
  target.set_form(OutputForm::margin);
  expect_near(decoded(target, {-1, 12, 3, -2})["red_scores"], {12, -2});
}

TEST(TargetNodes, DoNotTakeTheNameOfAnInput) {
  onnx::ModelProto model = empty_model();
  onnx::GraphProto& graph = *model.mutable_graph();
  describe_value(*graph.add_input(), "kind_predictions", onnx::TensorProto::FLOAT, {3});
  append_target_nodes(graph, Target::of_classes("kind", {"a", "b", "c"}), "kind_predictions");
  EXPECT_NE(graph.output(0).name(), "kind_predictions");
  checked(model);
}

}  // namespace
}  // namespace sinapse
