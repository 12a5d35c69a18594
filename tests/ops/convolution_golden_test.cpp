// Convolutions and pooling of ranks 1 to 3 against PyTorch's numbers, gradients included.
#include <cmath>
#include <fstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "compile/differentiate.h"
#include "compile/interpreter.h"
#include "ops/operators.h"
#include "paths.h"

namespace sinapse {

namespace {

using Json = nlohmann::json;
using Sizes = std::vector<int64_t>;

// As in make_convolutions.py.
std::vector<double> wave(size_t count, double seed) {
  std::vector<double> values(count);
  for (size_t i = 0; i < count; ++i) values[i] = std::sin(0.7 * static_cast<double>(i) + seed);
  return values;
}

const Operator& operator_named(const std::string& name) {
  for (const Operator* op : all_operators()) {
    if (op->name == name) return *op;
  }
  throw std::logic_error("no operator " + name);
}

// The same padding on both sides, as PyTorch has it.
Sizes both_sides(Sizes pads) {
  const Sizes before = pads;
  pads.insert(pads.end(), before.begin(), before.end());
  return pads;
}

Attributes attributes_of(const Json& test) {
  Attributes attributes{{"strides", test.at("strides").get<Sizes>()},
                        {"pads", both_sides(test.at("pads").get<Sizes>())},
                        {"dilations", test.at("dilations").get<Sizes>()}};
  if (test.contains("groups")) attributes["group"] = test.at("groups").get<int64_t>();
  if (test.contains("kernel")) attributes["kernel_shape"] = test.at("kernel").get<Sizes>();
  return attributes;
}

void expect_equal(const std::vector<double>& actual, const Json& expected,
                  const std::string& what) {
  ASSERT_EQ(actual.size(), expected.size()) << what;
  for (size_t i = 0; i < actual.size(); ++i) {
    EXPECT_NEAR(actual[i], expected[i].get<double>(), 1e-10) << what << "[" << i << "]";
  }
}

// A graph with y, and the gradients of sum(y dy) by all inputs.
class GoldenRun {
 public:
  explicit GoldenRun(const Json& test) : test_(test), rows_(test.at("x").at(0)) {
    Shape x = test.at("x");
    x[0] = kBatch;
    inputs_.push_back(graph_.add_input("x", x));
    if (test.contains("weight")) {
      const Shape weight = test.at("weight");
      const bool transposed = test.at("op") == "ConvTranspose";
      const int64_t groups = test.at("groups");
      inputs_.push_back(graph_.add_parameter("weight", weight));
      inputs_.push_back(
          graph_.add_parameter("bias", {transposed ? weight[1] * groups : weight[0]}));
    }
    y_ = graph_.append(operator_named(test.at("op")), "tested", inputs_, attributes_of(test))[0];
    dy_ = graph_.add_input("dy", graph_.shape(y_));
    gradients_ = differentiate(graph_, y_, dy_, inputs_);
  }

  void expect_golden() const {
    Interpreter<double> interpreter(graph_);
    for (size_t i = 0; i < inputs_.size(); ++i) {
      const int64_t rows = i == 0 ? rows_ : 1;
      interpreter.value(inputs_[i]) =
          wave(rows * row_size(graph_.shape(inputs_[i])), static_cast<double>(i + 1));
    }
    interpreter.value(dy_) = wave(rows_ * row_size(graph_.shape(y_)), 4);
    interpreter.run(rows_, {});
    expect_equal(interpreter.value(y_), test_.at("results").at(0), "y");
    for (size_t i = 0; i < inputs_.size(); ++i) {
      expect_equal(interpreter.value(gradients_[i]), test_.at("results").at(i + 1),
                   "gradient of input " + std::to_string(i));
    }
  }

 private:
  const Json& test_;
  const int64_t rows_;
  Graph graph_;
  std::vector<ValueId> inputs_, gradients_;
  ValueId y_ = kNoValue, dy_ = kNoValue;
};

TEST(Convolutions, EqualPyTorchOverAGridOfShapes) {
  std::ifstream file(source_path("tests/golden/convolutions.json"));
  const Json tests = Json::parse(file);
  ASSERT_GE(tests.size(), 60u);
  for (size_t i = 0; i < tests.size(); ++i) {
    SCOPED_TRACE("case " + std::to_string(i) + ", " + tests[i].at("op").get<std::string>());
    GoldenRun(tests[i]).expect_golden();
  }
}

}  // namespace

}  // namespace sinapse
