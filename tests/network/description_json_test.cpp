// Networks as JSON and back.
#include "network/description_json.h"

#include <limits>

#include <gtest/gtest.h>

#include <sinapse/error.h>

#include "network/expect_words.h"

namespace sinapse {
namespace {

using nlohmann::json;

NetworkDescription parse(const char* text) {
  return network_from_json(json::parse(text));
}

TEST(DescriptionJson, KeepsTheTypesOfFields) {
  const NetworkDescription network = parse(R"([
    {"type": "dense", "units": 8, "use_bias": false, "activation": "relu"},
    {"type": "dropout", "name": "drop", "rate": 0.25, "inputs": "dense1"},
    {"type": "reshape", "shape": [2, 4]}, {"type": "reshape", "shape": []}])");
  ASSERT_EQ(network.layers.size(), 4u);
  const auto& dense = network.layers[0].fields;
  EXPECT_EQ(dense.at("units"), FieldValue(int64_t{8}));
  EXPECT_EQ(dense.at("use_bias"), FieldValue(false));
  EXPECT_EQ(dense.at("activation"), FieldValue(std::string("relu")));
  EXPECT_EQ(network.layers[1].fields.at("rate"), FieldValue(0.25));
  EXPECT_EQ(network.layers[1].name, "drop");
  EXPECT_EQ(network.layers[1].inputs, std::vector<std::string>{"dense1"});
  EXPECT_EQ(network.layers[2].fields.at("shape"), FieldValue(std::vector<int64_t>{2, 4}));
  EXPECT_EQ(network.layers[3].fields.at("shape"), FieldValue(std::vector<int64_t>{}));
}

TEST(DescriptionJson, RoundTripIsExact) {
  const NetworkDescription network{
      {{"dense", "a", {}, {{"units", int64_t{3}}, {"activation", std::string("elu(alpha=0.3)")}}},
       {"batch_normalization", "b", {"a"}, {{"momentum", 1.0}, {"epsilon", 0.1}}},
       {"add", "", {"a", "b"}, {}},
       {"reshape", "r", {}, {{"shape", std::vector<int64_t>{-1, 3}}}},
       {"prelu", "p", {}, {{"shared", true}, {"initial_slope", int64_t{0}}}}}};
  const std::string text = to_json(network).dump();
  EXPECT_EQ(network_from_json(json::parse(text)), network);
  EXPECT_TRUE(text.starts_with(R"([{"type":"dense","name":"a",)")) << text;
}

TEST(DescriptionJson, SuggestsNearestNames) {
  expect_error(ErrorCode::usage, {"dnse", "dense"}, [] { parse(R"([{"type": "dnse"}])"); });
  expect_error(ErrorCode::usage, {"unit", "units"},
               [] { parse(R"([{"type": "dense", "unit": 8}])"); });
}

TEST(DescriptionJson, RejectsWhatIsNoNetwork) {
  for (const char* text :
       {"{}", "[]", "3", "null", "[3]", "[{}]", R"([{"type": 3}])", R"([{"type": ""}])",
        R"([{"type": "dense", "name": 1}])", R"([{"type": "dense", "name": ""}])",
        R"([{"type": "add", "inputs": 3}])", R"([{"type": "add", "inputs": ["a", 3]}])",
        R"([{"type": "dense", "units": "8"}])", R"([{"type": "dense", "units": 8.0}])",
        R"([{"type": "dense", "units": 9223372036854775808}])",
        R"([{"type": "dense", "units": null}])", R"([{"type": "reshape", "shape": [1, 2.5]}])",
        R"([{"type": "reshape", "shape": [[1]]}])", R"([{"type": "dense", "use_bias": 1}])"}) {
    SCOPED_TRACE(text);
    expect_error(ErrorCode::usage, {}, [&] { parse(text); });
  }
}

TEST(DescriptionJson, RejectsNumbersThatAreNotFinite) {
  const double infinity = std::numeric_limits<double>::infinity();
  const NetworkDescription network{{{"dropout", "d", {}, {{"rate", infinity}}}}};
  expect_error(ErrorCode::usage, {"d", "rate", "finite"}, [&] { to_json(network); });
  const json layer = {{"type", "dropout"}, {"rate", infinity}};
  expect_error(ErrorCode::usage, {"rate"}, [&] { network_from_json(json::array({layer})); });
}

TEST(DescriptionJson, NamesTheLayerAtFault) {
  expect_error(ErrorCode::usage, {"Layer 2", "dense", "units"},
               [] { parse(R"([{"type": "flatten"}, {"type": "dense", "units": {"a": 1}}])"); });
}

}  // namespace
}  // namespace sinapse
