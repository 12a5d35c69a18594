#include "graph/graph.h"

#include <stdexcept>

#include <gtest/gtest.h>

#include "compile/differentiate.h"
#include "ops/operators.h"

namespace sinapse {

namespace {

struct Small {
  Graph graph;
  ValueId x = graph.add_input("x", {kBatch, 2});
  ValueId weight = graph.add_parameter("dense1.weight", {3, 2});
  ValueId sum = graph.append(op::gemm(), "dense1", {x, weight})[0];
  ValueId y = graph.append(op::activate(), "relu1", {sum}, {{"function", std::string("relu")}})[0];
};

TEST(Graph, ValuesKnowTheirKindShapeAndProducer) {
  const Small small;
  EXPECT_EQ(small.graph.value(small.x).kind, ValueKind::input);
  EXPECT_EQ(small.graph.value(small.weight).kind, ValueKind::parameter);
  EXPECT_EQ(small.graph.value(small.sum).kind, ValueKind::result);
  EXPECT_EQ(small.graph.shape(small.sum), (Shape{kBatch, 3}));
  EXPECT_EQ(small.graph.value(small.y).producer, 1);
  EXPECT_EQ(small.graph.find("dense1.weight"), small.weight);
  EXPECT_EQ(small.graph.find("dense2.weight"), kNoValue);
}

TEST(Graph, MissingAttributesTakeTheirDefaults) {
  Graph graph;
  const ValueId x = graph.add_input("x", {kBatch, 2});
  graph.append(op::affine(), "a", {x}, {{"scale", 2.0}});
  EXPECT_EQ(graph.nodes()[0].number("scale"), 2.0);
  EXPECT_EQ(graph.nodes()[0].number("offset"), 0.0);
}

TEST(Graph, RefusesAttributesTheOperatorDoesNotKnow) {
  Graph graph;
  const ValueId x = graph.add_input("x", {kBatch, 2});
  EXPECT_THROW(graph.append(op::affine(), "a", {x}, {{"slope", 2.0}}), std::logic_error);
  EXPECT_THROW(graph.append(op::affine(), "a", {x}, {{"scale", int64_t{2}}}), std::logic_error);
  graph.append(op::affine(), "a", {x});
  EXPECT_THROW(graph.nodes()[0].integer("scale"), std::logic_error);
}

TEST(Graph, PrintsALineForEveryNode) {
  const std::string text = print(Small().graph);
  EXPECT_NE(text.find("= Gemm(x%0, dense1.weight%1)"), std::string::npos) << text;
  EXPECT_NE(text.find("function=relu"), std::string::npos) << text;
  EXPECT_NE(text.find("[batch, 3]"), std::string::npos) << text;
}

TEST(Verify, AcceptsWhatAppendBuilt) {
  Small small;
  small.graph.set_outputs({small.y});
  EXPECT_NO_THROW(verify(small.graph));
}

TEST(Verify, FindsANodeBeforeItsInput) {
  Small small;
  std::swap(small.graph.mutable_nodes()[0], small.graph.mutable_nodes()[1]);
  EXPECT_THROW(verify(small.graph), std::logic_error);
}

TEST(Verify, FindsAChangedShape) {
  Small small;
  small.graph.mutable_values()[small.y].shape = {kBatch, 4};
  EXPECT_THROW(verify(small.graph), std::logic_error);
}

TEST(Verify, FindsAMissingAttribute) {
  Small small;
  small.graph.mutable_nodes()[1].attributes.clear();
  EXPECT_THROW(verify(small.graph), std::logic_error);
}

TEST(Verify, FindsAnOutputNobodyComputes) {
  Small small;
  small.graph.set_outputs({small.y});
  small.graph.mutable_nodes().pop_back();
  EXPECT_THROW(verify(small.graph), std::logic_error);
}

TEST(Differentiate, GivesNothingWhereTheLossDoesNotDepend) {
  Small small;
  const ValueId other = small.graph.add_parameter("other", {3});
  const ValueId seed = small.graph.add_input("seed", {kBatch, 3});
  const ValueId targets[] = {small.weight, other};
  const auto gradients = differentiate(small.graph, small.y, seed, targets);
  EXPECT_NE(gradients[0], kNoValue);
  EXPECT_EQ(gradients[1], kNoValue);
}

TEST(Differentiate, DoesNotComputeTheGradientOfAnInput) {
  Small small;
  const ValueId seed = small.graph.add_input("seed", {kBatch, 3});
  const ValueId targets[] = {small.weight};
  differentiate(small.graph, small.y, seed, targets);
  for (const Node& node : small.graph.nodes()) EXPECT_NE(node.op, &op::gemm_input_gradient());
}

TEST(Differentiate, RefusesASeedOfAnotherShape) {
  Small small;
  const ValueId seed = small.graph.add_input("seed", {kBatch, 1});
  const ValueId targets[] = {small.weight};
  EXPECT_THROW(differentiate(small.graph, small.y, seed, targets), std::logic_error);
}

}  // namespace

}  // namespace sinapse
