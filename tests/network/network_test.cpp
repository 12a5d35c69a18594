#include "network/network.h"

#include <gtest/gtest.h>

#include "network/expect_words.h"

namespace sinapse {

namespace {

LayerDescription layer(std::string type, std::map<std::string, FieldValue> fields = {},
                       std::vector<std::string> inputs = {}, std::string name = "") {
  return {std::move(type), std::move(name), std::move(inputs), std::move(fields)};
}

LayerDescription dense(int64_t units, std::vector<std::string> inputs = {}, std::string name = "") {
  return layer("dense", {{"units", units}}, std::move(inputs), std::move(name));
}

const std::vector<InputDescription> kVector{{"x", {4}}};

std::vector<std::string> parameter_names(const NetworkGraph& network) {
  std::vector<std::string> names;
  for (const ParameterInfo& info : network.parameters) names.push_back(info.name);
  return names;
}

void expect_misfit(std::initializer_list<std::string_view> words,
                   const std::vector<LayerDescription>& layers,
                   const std::vector<InputDescription>& inputs = kVector) {
  expect_error(ErrorCode::model, words, [&] { build_network({layers}, inputs, true); });
}

TEST(Network, ParametersAreNamedAfterTheirLayer) {
  const NetworkGraph network = build_network(
      {{dense(3), layer("batch_normalization"), dense(2), dense(1, {}, "output")}}, kVector, true);
  EXPECT_EQ(parameter_names(network),
            (std::vector<std::string>{
                "dense1.weight", "dense1.bias", "batch_normalization1.weight",
                "batch_normalization1.bias", "batch_normalization1.running_mean",
                "batch_normalization1.running_var", "dense2.weight", "dense2.bias",
                "output.weight", "output.bias"}));
  EXPECT_EQ(network.parameters[0].shape, (Shape{3, 4}));
  EXPECT_TRUE(network.parameters[2].trainable);
  EXPECT_FALSE(network.parameters[4].trainable);
  EXPECT_EQ(network.num_parameters(), 3 * 4 + 3 + 3 + 3 + 2 * 3 + 2 + 2 + 1);
}

TEST(Network, NamesSkipThoseThatAreTaken) {
  const NetworkDescription named =
      with_names({{dense(3), dense(3, {}, "dense2"), dense(3), layer("prelu")}});
  std::vector<std::string> names;
  for (const LayerDescription& description : named.layers) names.push_back(description.name);
  EXPECT_EQ(names, (std::vector<std::string>{"dense1", "dense2", "dense3", "prelu1"}));
  EXPECT_EQ(with_names(named), named);
}

TEST(Network, SummaryHasShapesAndCounts) {
  const NetworkGraph network =
      build_network({{layer("flatten"), dense(5), layer("dropout")}}, {{"x", {2, 3}}}, true);
  ASSERT_EQ(network.layers.size(), 3u);
  EXPECT_EQ(network.layers[0].output_shape, (Shape{kBatch, 6}));
  EXPECT_EQ(network.layers[0].inputs, std::vector<std::string>{"x"});
  EXPECT_EQ(network.layers[1].num_parameters, 35);
  EXPECT_EQ(std::get<std::string>(network.layers[1].fields.at("activation")), "linear");
  EXPECT_EQ(network.layers[2].inputs, std::vector<std::string>{"dense1"});
}

TEST(Network, JoinsBranchesAndInputs) {
  const NetworkGraph network = build_network(
      {{dense(3, {"a"}, "left"), dense(3, {"b"}, "right"), layer("add", {}, {"left", "right"}, "sum"),
        layer("concatenate", {}, {"sum", "a", "b"}), dense(2)}},
      {{"a", {2}}, {"b", {5}}}, true);
  EXPECT_EQ(network.graph.shape(network.output), (Shape{kBatch, 2}));
  EXPECT_EQ(network.layers[3].output_shape, (Shape{kBatch, 10}));
  EXPECT_EQ(network.inputs.size(), 2u);
}

TEST(Network, TheFirstLayerTakesAllInputsIfItCan) {
  const std::vector<InputDescription> two{{"a", {2}}, {"b", {5}}};
  const NetworkGraph network = build_network({{layer("concatenate"), dense(2)}}, two, true);
  EXPECT_EQ(network.layers[0].output_shape, (Shape{kBatch, 7}));
  expect_misfit({"dense", "\"dense1\"", "2", "concatenate"}, {dense(2)}, two);
}

TEST(Network, DropoutIsForTrainingOnly) {
  const std::vector<LayerDescription> layers{layer("dropout", {{"rate", 0.5}})};
  EXPECT_EQ(build_network({layers}, kVector, true).graph.nodes().size(), 1u);
  EXPECT_EQ(build_network({layers}, kVector, false).graph.nodes().size(), 0u);
}

TEST(Network, DenseNetworkHasALinearOutput) {
  const NetworkGraph network = build_network(dense_network({8, 5}, "relu", 3), kVector, false);
  EXPECT_EQ(network.layers.back().name, "output");
  EXPECT_EQ(network.graph.shape(network.output), (Shape{kBatch, 3}));
  EXPECT_EQ(std::get<std::string>(network.layers[0].fields.at("activation")), "relu");
  EXPECT_EQ(std::get<std::string>(network.layers[2].fields.at("activation")), "linear");
}

TEST(Network, CountsMultiplyAddsOfAllStepsOfASequence) {
  const auto count = [](LayerDescription described) {
    return build_network({{std::move(described)}}, {{"x", {5, 4}}}, false).layers.at(0).multiply_adds;
  };
  const FieldValue units = int64_t{3};
  EXPECT_EQ(count(layer("rnn", {{"units", units}})), 5 * 3 * (4 + 3));
  EXPECT_EQ(count(layer("gru", {{"units", units}, {"direction", std::string("bidirectional")}})), 5 * 2 * 9 * (4 + 3));
  EXPECT_EQ(count(layer("context", {{"units", units}, {"kind", std::string("jordan")}, {"outputs", int64_t{2}}})), 5 * (3 * 4 + 3 * 2 + 2 * 3));
  EXPECT_EQ(count(layer("multi_head_attention", {{"heads", int64_t{2}}})), 5 * 4 * 4 * 4 + 2 * 5 * 5 * 4);
}

TEST(Network, RefusesShapesThatDoNotFit) {
  expect_misfit({"Dense \"dense1\"", "[batch, 2, 3]", "flatten"}, {dense(2)}, {{"x", {2, 3}}});
  expect_misfit({"Dense \"dense1\"", "units", "0"}, {dense(0)});
  expect_misfit({"Dense \"dense1\"", "units", "-3"}, {dense(-3)});
  expect_misfit({"Add \"add1\"", "[batch, 3]", "[batch, 4]"}, {dense(3), layer("add", {}, {"dense1", "x"})});
  expect_misfit({"Concat \"concatenate1\"", "[batch, 3]", "[batch, 2, 2]"},
                {dense(3), layer("reshape", {{"shape", std::vector<int64_t>{2, 2}}}, {"x"}),
                 layer("concatenate", {}, {"dense1", "reshape1"})});
  expect_misfit({"concatenate1", "[batch, 2, 2]", "[batch, 4, 1]", "axis 1"},
                {layer("reshape", {{"shape", std::vector<int64_t>{2, 2}}}, {"x"}),
                 layer("reshape", {{"shape", std::vector<int64_t>{4, 1}}}, {"x"}),
                 layer("concatenate", {{"axis", int64_t{1}}}, {"reshape1", "reshape2"})});
  expect_misfit({"concatenate1", "[batch, 4]", "axis 2"},
                {layer("concatenate", {{"axis", int64_t{2}}}, {"x", "x"})});
  expect_misfit({"Reshape \"reshape1\"", "[batch, 4]", "[batch, 3]"},
                {layer("reshape", {{"shape", std::vector<int64_t>{3}}})});
  expect_misfit({"Reshape \"reshape1\"", "[batch, 4]"},
                {layer("reshape", {{"shape", std::vector<int64_t>{3, -1}}})});
  expect_misfit({"eshape", "positive"}, {layer("reshape", {{"shape", std::vector<int64_t>{0, -1}}})});
  expect_misfit({"eshape", "positive"}, {layer("reshape", {{"shape", std::vector<int64_t>{-1, -1}}})});
  expect_misfit({"eshape"}, {layer("reshape", {{"shape", std::vector<int64_t>{int64_t{1} << 62, 16, -1}}})});
  expect_misfit({"Dropout \"dropout1\"", "rate", "1.5"}, {layer("dropout", {{"rate", 1.5}})});
  expect_misfit({"Gather \"embedding1\"", "[batch, 4, 1]"},
                {layer("reshape", {{"shape", std::vector<int64_t>{4, 1}}}),
                 layer("embedding", {{"categories", int64_t{3}}, {"dimension", int64_t{2}}})});
  expect_misfit({"\"context1\"", "elman", "hopfield"},
                {layer("context", {{"kind", std::string("hopfield")}, {"units", int64_t{2}}})},
                {{"x", {3, 2}}});
  expect_misfit({"\"lstm1\"", "one number a row", "[batch, 3]"},
                {layer("lstm", {{"units", int64_t{2}}}, {"x", "lengths"})},
                {{"x", {3, 2}}, {"lengths", {3}}});
  expect_misfit({"mbedding", "\"embedding1\"", "categories", "-1"},
                {layer("embedding", {{"categories", int64_t{-1}}, {"dimension", int64_t{2}}})},
                {{"x", {1}}});
  expect_misfit({"mbedding", "\"embedding1\"", "dimension", "0"},
                {layer("embedding", {{"categories", int64_t{3}}, {"dimension", int64_t{0}}})},
                {{"x", {1}}});
}

TEST(Network, RefusesAnActivationItDoesNotKnow) {
  expect_error(ErrorCode::usage, {"rellu", "relu"}, [] {
    build_network({{layer("activation", {{"activation", std::string("rellu")}})}}, kVector, true);
  });
}

TEST(Network, RefusesAnInitializerItDoesNotKnow) {
  expect_error(ErrorCode::usage, {"he_norma", "he_normal"}, [] {
    build_network({{layer("dense", {{"units", int64_t{1}},
                                    {"kernel_initializer", std::string("he_norma")}})}},
                  kVector, true);
  });
}

TEST(Network, RefusesWiringThatCannotBe) {
  expect_misfit({"no layers"}, {});
  expect_misfit({"dense", "\"dense2\"", "\"dens1\"", "Did you mean \"dense1\""},
                {dense(3), dense(3, {"dens1"})});
  expect_misfit({"\"later\""}, {dense(3, {"later"}), dense(3, {}, "later")});
  expect_misfit({"named \"a\""}, {dense(3, {}, "a"), dense(3, {}, "a")});
  expect_misfit({"named \"x\""}, {dense(3, {}, "x")});
  expect_misfit({"dense", "\"dense2\"", "takes one input"}, {dense(3), dense(3, {"dense1", "x"})});
}

}  // namespace

}  // namespace sinapse
