// Positions, multi-head attention and the Transformer encoder against PyTorch's modules: outputs
// and all gradients, in double precision.
#include <cmath>
#include <fstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "compile/differentiate.h"
#include "compile/interpreter.h"
#include "network/description_json.h"
#include "network/network.h"
#include "paths.h"

namespace sinapse {

namespace {

using Json = nlohmann::json;

constexpr double kTolerance = 1e-12;

// As in make_attention.py.
std::vector<double> wave(size_t count, double seed, double factor = 1) {
  std::vector<double> values(count);
  for (size_t i = 0; i < count; ++i) {
    values[i] = factor * std::sin(0.7 * static_cast<double>(i) + seed);
  }
  return values;
}

void expect_close(const std::vector<double>& actual, const Json& expected,
                  const std::string& what) {
  ASSERT_EQ(actual.size(), expected.size()) << what;
  for (size_t i = 0; i < actual.size(); ++i) {
    ASSERT_NEAR(actual[i], expected[i].get<double>(), kTolerance) << what << "[" << i << "]";
  }
}

NetworkGraph network_of(const Json& test, const Shape& row) {
  Json layer = test.at("layer").at("fields");
  layer["type"] = test.at("layer").at("type");
  layer["name"] = "tested";
  std::vector<InputDescription> inputs{{"x", row}};
  if (!test.at("lengths").is_null()) {
    layer["inputs"] = {"x", "lengths"};
    inputs.push_back({"lengths", {1}});
  }
  return build_network(network_from_json(Json::array({layer})), inputs, /*training=*/true);
}

void expect_golden(const Json& test) {
  const Shape shape = test.at("shape").get<Shape>();
  const int64_t rows = shape[0];
  NetworkGraph network = network_of(test, {shape[1], shape[2]});
  Graph& graph = network.graph;
  std::vector<ValueId> targets{network.inputs[0]};
  for (const Json& weight : test.at("weights")) {
    const std::string name = "tested." + weight[0].get<std::string>();
    const auto found = std::find_if(network.parameters.begin(), network.parameters.end(),
                                    [&](const ParameterInfo& info) { return info.name == name; });
    ASSERT_NE(found, network.parameters.end()) << name;
    ASSERT_EQ(found->shape, weight[1].get<Shape>()) << name;
    targets.push_back(found->value);
  }
  ASSERT_EQ(targets.size(), network.parameters.size() + 1) << "every parameter has its numbers";
  const ValueId seed = graph.add_input("seed", graph.shape(network.output));
  const auto gradients = differentiate(graph, network.output, seed, targets);
  Interpreter<double> interpreter(graph);
  interpreter.value(targets[0]) = wave(rows * row_size(graph.shape(targets[0])), 0);
  for (size_t i = 1; i < targets.size(); ++i) {
    interpreter.value(targets[i]) =
        wave(row_size(graph.shape(targets[i])), static_cast<double>(i), 0.5);
  }
  if (!test.at("lengths").is_null()) {
    interpreter.value(network.inputs[1]) = test.at("lengths").get<std::vector<double>>();
  }
  interpreter.value(seed) = wave(rows * row_size(graph.shape(network.output)), 0.5);
  interpreter.run(rows);
  expect_close(interpreter.value(network.output), test.at("y"), "y");
  for (size_t i = 0; i < targets.size(); ++i) {
    expect_close(interpreter.value(gradients[i]), test.at("gradients")[i],
                 "gradient of " + graph.value(targets[i]).name);
  }
}

TEST(AttentionLayers, OutputsAndGradientsEqualPyTorch) {
  std::ifstream file(source_path("tests/golden/attention.json"));
  const Json golden = Json::parse(file);
  for (const Json& test : golden.at("cases")) {
    SCOPED_TRACE(test.at("name").get<std::string>());
    expect_golden(test);
  }
  EXPECT_EQ(golden.at("cases").size(), 13u);
}

}  // namespace

}  // namespace sinapse
