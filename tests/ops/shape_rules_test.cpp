// What does not fit an operator is refused when the graph is built, with the layer and the shapes.
#include <gtest/gtest.h>

#include "network/expect_words.h"
#include "ops/operators.h"

namespace sinapse {

namespace {

constexpr int64_t B = kBatch;

struct Misfit {
  const Operator& op;
  std::vector<Shape> inputs;  // a shape without a batch is that of a parameter
  Attributes attributes;
  std::vector<std::string> words;  // of the message, besides the operator and the layer
};

const std::vector<Misfit>& misfits() {
  static const std::vector<Misfit> table{
      {op::gemm(), {{B, 2, 3}, {4, 3}}, {}, {"[batch, 2, 3]", "flatten"}},
      {op::gemm(), {{5, 3}, {4, 3}}, {}, {"[5, 3]"}},
      {op::gemm(), {{B, 3}, {4, 2}}, {}, {"[4, 2]", "[batch, 3]"}},
      {op::gemm(), {{B, 3}, {4}}, {}, {"[4]", "[batch, 3]"}},
      {op::gemm(), {{B, 3}, {4, 3}, {3}}, {}, {"bias", "[3]", "[4, 3]"}},
      {op::add(), {{B, 3}, {B, 4}}, {}, {"[batch, 3]", "[batch, 4]"}},
      {op::add(), {{B, 3}, {2}}, {}, {"[batch, 3]", "[2]"}},
      {op::add(), {{3}, {B, 3}}, {}, {"[3]", "[batch, 3]"}},
      {op::subtract(), {{B, 2, 3}, {B, 3}}, {}, {"[batch, 2, 3]", "[batch, 3]"}},
      {op::multiply(), {{B, 3}, {3, 1}}, {}, {"[batch, 3]", "[3, 1]"}},
      {op::divide(), {{B, 3}, {B, 1}}, {}, {"[batch, 3]", "[batch, 1]"}},
      {op::prelu(), {{B, 3}, {2}}, {}, {"[2]", "[batch, 3]"}},
      {op::prelu(), {{B, 6}, {2}}, {}, {"[2]", "[batch, 6]"}},
      {op::prelu(), {{B, 3}, {B, 3}}, {}, {"[batch, 3]"}},
      {op::dropout(), {{B, 3}}, {{"rate", 1.0}}, {"rate", "1"}},
      {op::dropout(), {{B, 3}}, {{"rate", -0.5}}, {"rate", "-0.5"}},
      {op::prelu(), {{B, 2, 3}, {3}}, {}, {"[3]", "[batch, 2, 3]"}},
      {op::dropout(), {{B, 2, 3}}, {{"shared", int64_t{4}}}, {"6", "4"}},
      {op::pad(), {{B, 2, 3}}, {{"pads", std::vector<int64_t>{1}}}, {"[batch, 2, 3]", "1", "2"}},
      {op::pad(), {{B, 2, 3}}, {{"pads", std::vector<int64_t>{-2, -1}}}, {"[batch, 2, 3]", "left"}},
      {op::pad(), {{B, 2, 3}}, {{"pads", std::vector<int64_t>{-4, 9}}}, {"[batch, 2, 3]", "-4"}},
      {op::pad(), {{B, 2}}, {{"pads", std::vector<int64_t>{}}}, {"[batch, 2]"}},
      {op::resize(), {{B, 2, 3}}, {{"sizes", std::vector<int64_t>{3, 3}}}, {"[batch, 2, 3]", "2"}},
      {op::resize(), {{B, 2, 3}}, {{"sizes", std::vector<int64_t>{0}}}, {"0"}},
      {op::resize(),
       {{B, 2, 3}},
       {{"sizes", std::vector<int64_t>{3}}, {"mode", std::string("linaer")}},
       {"linaer", "linear"}},
      {op::adaptive_max_pool(),
       {{B, 2, 3}},
       {{"sizes", std::vector<int64_t>{4}}},
       {"[batch, 2, 3]"}},
      {op::group_normalization(),
       {{B, 4}, {4}, {4}},
       {{"groups", int64_t{3}}},
       {"[batch, 4]", "3"}},
      {op::group_normalization(), {{B, 4}, {2}, {4}}, {}, {"input1", "[4]", "[2]"}},
      {op::batch_normalization(), {{B}, {3}, {3}, {3}, {3}}, {}, {"[batch]", "channel"}},
      {op::batch_normalization(), {{B, 3}, {3}, {3}, {2}, {3}}, {}, {"input3", "[3]", "[2]"}},
      {op::layer_normalization(), {{B}, {1}, {1}}, {}, {"[batch]"}},
      {op::layer_normalization(), {{B, 3}, {2}, {3}}, {}, {"input1", "[3]", "[2]"}},
      {op::reshape(), {{B, 6}}, {{"shape", std::vector<int64_t>{4}}}, {"[batch, 6]", "[batch, 4]"}},
      {op::reshape(), {{6}}, {{"shape", std::vector<int64_t>{6}}}, {"[6]"}},
      {op::concatenate(), {{B, 2, 3}, {B, 3, 3}}, {}, {"[batch, 2, 3]", "[batch, 3, 3]"}},
      {op::concatenate(), {{B, 3}, {B, 3, 1}}, {}, {"[batch, 3]", "[batch, 3, 1]"}},
      {op::slice(),
       {{B, 3}},
       {{"begin", int64_t{2}}, {"size", int64_t{2}}},
       {"2", "4", "[batch, 3]"}},
      {op::slice(), {{B, 3}}, {{"begin", int64_t{-1}}, {"size", int64_t{2}}}, {"-1", "[batch, 3]"}},
      {op::slice(), {{B, 3}}, {{"size", int64_t{0}}}, {"[batch, 3]"}},
      {op::embedding(), {{7}, {B, 1}}, {}, {"[categories, dimension]"}},
      {op::embedding(), {{7, 2}, {B, 2, 3}}, {}, {"[batch, 2, 3]"}},
      {op::steps_product(), {{B, 2}, {7, 2}}, {}, {"[batch, 2]"}},
      {op::steps_product(), {{B, 3, 2}, {7, 3}}, {}, {"[units, 2]", "[7, 3]"}},
      {op::pool_steps(), {{B, 3, 2}}, {{"mode", std::string("sum")}}, {"mean", "\"sum\""}},
      {op::pool_steps(), {{B, 3, 2}, {B, 3}}, {}, {"one length", "[batch, 3]"}},
      {op::context(), {{B, 3, 2}, {3, 2}}, {}, {"[2, context neurons]"}},
      {op::context(), {{B, 3, 2}, {2, 1}}, {}, {"2 hidden", "not 1"}},
      {op::attention(), {{B, 3, 4}, {B, 3, 4}, {B, 2, 4}}, {}, {"[batch, 2, 4]"}},
      {op::attention(),
       {{B, 3, 4}, {B, 3, 4}, {B, 3, 4}},
       {{"heads", int64_t{3}}},
       {"4 channels", "3 heads"}},
      {op::elementwise_loss(), {{B, 3}, {B, 1}}, {}, {"[batch, 3]", "[batch, 1]"}},
      {op::elementwise_loss(), {{B, 3}, {B, 3}}, {{"formula", std::string("mean")}}, {"mean"}},
      {op::elementwise_loss(), {{B, 3}, {B, 3}}, {{"formula", std::string("mse weighted 1, 2")}}, {"2 weights of labels", "[batch, 3]"}},
      {op::elementwise_loss(), {{B, 1}, {B, 1}}, {{"formula", std::string("mse weighted 1, 2")}}, {"several labels"}},
      {op::row_loss(), {{B, 3}, {B, 2}}, {}, {"[batch, 3]", "[batch, 2]"}},
      {op::row_loss(), {{B, 3}, {B, 3}}, {{"formula", std::string("hinge")}}, {"hinge"}},
      {op::softmax_cross_entropy(), {{B, 3}, {B, 3}}, {}, {"[batch, 3]"}},
      {op::softmax_cross_entropy(), {{B, 2, 3}, {B, 1}}, {}, {"[batch, 2, 3]"}},
      {op::update(), {{2, 3}, {3, 2}}, {}, {"weight", "gradient"}},
  };
  return table;
}

TEST(ShapeRules, WhatDoesNotFitIsNamed) {
  for (const Misfit& misfit : misfits()) {
    Graph graph;
    std::vector<ValueId> inputs;
    for (const Shape& shape : misfit.inputs) {
      const std::string name = "input" + std::to_string(inputs.size());
      inputs.push_back(is_batched(shape) ? graph.add_input(name, shape)
                                         : graph.add_parameter(name, shape));
    }
    const std::string message = message_of(
        ErrorCode::model, [&] { graph.append(misfit.op, "layer7", inputs, misfit.attributes); });
    EXPECT_TRUE(message.starts_with(std::string(misfit.op.name) + " \"layer7\": ")) << message;
    for (const std::string& word : misfit.words) {
      EXPECT_NE(message.find(word), std::string::npos) << word << " is not in: " << message;
    }
    EXPECT_TRUE(graph.nodes().empty()) << misfit.op.name << " left a node behind";
  }
}

}  // namespace

}  // namespace sinapse
