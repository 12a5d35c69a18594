// Operators on spatial axes and channels against PyTorch's numbers, gradients included.
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

// As in make_axes.py.
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

Attributes attributes_of(const Json& json) {
  Attributes attributes;
  for (const auto& [name, value] : json.items()) {
    if (value.is_array()) attributes[name] = value.get<std::vector<int64_t>>();
    if (value.is_string()) attributes[name] = value.get<std::string>();
    if (value.is_number_integer()) attributes[name] = value.get<int64_t>();
    if (value.is_number_float()) attributes[name] = value.get<double>();
  }
  return attributes;
}

void expect_equal(const std::vector<double>& actual, const Json& expected, const char* what) {
  ASSERT_EQ(actual.size(), expected.size()) << what;
  for (size_t i = 0; i < actual.size(); ++i) {
    EXPECT_NEAR(actual[i], expected[i].get<double>(), 1e-10) << what << "[" << i << "]";
  }
}

// y, and the gradients of sum(y dy) by all inputs; the first input has a batch.
void expect_golden(const Json& test) {
  Graph graph;
  std::vector<ValueId> inputs;
  int64_t rows = 0;
  for (Shape shape : test.at("shapes")) {
    if (inputs.empty()) {
      rows = std::exchange(shape[0], kBatch);
      inputs.push_back(graph.add_input("x", shape));
    } else {
      inputs.push_back(graph.add_parameter("p" + std::to_string(inputs.size()), shape));
    }
  }
  const ValueId y = graph.append(operator_named(test.at("op")), "tested", inputs,
                                 attributes_of(test.at("attributes")))[0];
  const ValueId dy = graph.add_input("dy", graph.shape(y));
  const std::vector<ValueId> gradients = differentiate(graph, y, dy, inputs);
  Interpreter<double> interpreter(graph);
  for (size_t i = 0; i < inputs.size(); ++i) {
    const int64_t count = (i == 0 ? rows : 1) * row_size(graph.shape(inputs[i]));
    interpreter.value(inputs[i]) = wave(count, static_cast<double>(i + 1));
  }
  interpreter.value(dy) = wave(rows * row_size(graph.shape(y)), 4);
  interpreter.run(rows, {});
  expect_equal(interpreter.value(y), test.at("results").at(0), "y");
  for (size_t i = 0; i < inputs.size(); ++i) {
    expect_equal(interpreter.value(gradients[i]), test.at("results").at(i + 1), "gradient");
  }
}

TEST(Axes, EqualPyTorch) {
  std::ifstream file(source_path("tests/golden/axes.json"));
  const Json tests = Json::parse(file);
  ASSERT_GE(tests.size(), 19u);
  for (const Json& test : tests) {
    SCOPED_TRACE(test.at("op").get<std::string>() + " " + test.at("attributes").dump());
    expect_golden(test);
  }
}

}  // namespace

}  // namespace sinapse
