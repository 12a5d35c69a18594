// What stands in the model file.
#include "onnx/write.h"

#include <filesystem>
#include <fstream>
#include <numeric>

#include <gtest/gtest.h>
#include <onnx/checker.h>
#include <onnx/shape_inference/implementation.h>

#include "data/temporary_folder.h"
#include "network/description_json.h"
#include "network/expect_words.h"
#include "onnx/graph_writer.h"
#include "onnx/network_nodes.h"
#include "onnx/read.h"
#include "onnx/sample_models.h"
#include "ops/operators.h"

namespace sinapse {
namespace {

onnx::ModelProto parsed(const std::string& bytes) {
  onnx::ModelProto model;
  EXPECT_TRUE(model.ParseFromString(bytes));
  return model;
}

TrainedNetwork small_model() {
  return regression_model({layer("dense", {{"units", int64_t{2}}, {"activation", "gelu"}}),
                           layer("dense", {{"units", int64_t{1}}}, "output")},
                          {3});
}

std::string metadata(const onnx::ModelProto& model, const std::string& key) {
  for (const auto& entry : model.metadata_props()) {
    if (entry.key() == key) return entry.value();
  }
  return "absent";
}

TEST(WriteOnnx, SaysWhatItIs) {
  const onnx::ModelProto model = parsed(to_onnx(small_model()));
  EXPECT_EQ(model.ir_version(), 8);
  EXPECT_EQ(model.producer_name(), "sinapse");
  EXPECT_EQ(model.producer_version(), SINAPSE_VERSION);
  ASSERT_EQ(model.opset_import_size(), 2);
  EXPECT_EQ(model.opset_import(0).version(), 17);
  EXPECT_EQ(model.opset_import(1).domain(), "ai.onnx.ml");
  EXPECT_EQ(model.opset_import(1).version(), 3);
  EXPECT_NE(model.doc_string().find("11 trainable parameters"), std::string::npos);
}

TEST(WriteOnnx, WeightsHaveTheNamesOfTheNetwork) {
  const TrainedNetwork trained = small_model();
  const onnx::ModelProto model = parsed(to_onnx(trained));
  std::map<std::string, std::vector<int64_t>> shapes;
  for (const auto& tensor : model.graph().initializer()) {
    shapes[tensor.name()] = {tensor.dims().begin(), tensor.dims().end()};
  }
  EXPECT_EQ(shapes["dense1.weight"], (std::vector<int64_t>{2, 3}));
  EXPECT_EQ(shapes["dense1.bias"], (std::vector<int64_t>{2}));
  EXPECT_EQ(shapes["output.weight"], (std::vector<int64_t>{1, 2}));
}

TEST(WriteOnnx, NodesAreNamedAfterTheirLayer) {
  const onnx::ModelProto model = parsed(to_onnx(small_model()));
  std::vector<std::string> names;
  for (const auto& node : model.graph().node()) names.push_back(node.name());
  for (const char* name : {"dense1/Gemm", "dense1/Erf", "dense1/Mul", "output/Gemm"}) {
    EXPECT_EQ(std::count(names.begin(), names.end(), name), 1) << name;
  }
  std::sort(names.begin(), names.end());
  EXPECT_EQ(std::unique(names.begin(), names.end()), names.end());
}

TEST(WriteOnnx, TheBatchAxisIsFree) {
  const onnx::ModelProto model = parsed(to_onnx(small_model()));
  for (const auto& values : {model.graph().input(), model.graph().output()}) {
    for (const auto& value : values) {
      EXPECT_EQ(value.type().tensor_type().shape().dim(0).dim_param(), "batch") << value.name();
    }
  }
}

TEST(WriteOnnx, MetadataHoldsTheDescription) {
  TrainedNetwork trained = small_model();
  trained.record = R"({"epochs": 3})";
  const onnx::ModelProto model = parsed(to_onnx(trained));
  EXPECT_EQ(metadata(model, "sinapse.format"), "1");
  EXPECT_EQ(metadata(model, "sinapse.network"), to_json(trained.network).dump());
  EXPECT_EQ(metadata(model, "sinapse.pixels"), trained.pixels->to_json());
  EXPECT_EQ(metadata(model, "sinapse.target"), trained.target.to_json());
  EXPECT_EQ(metadata(model, "sinapse.record"), trained.record);
  EXPECT_EQ(metadata(model, "sinapse.features"), "absent");
}

// Stricter than the checker: types and shapes are inferred through every node.
TEST(WriteOnnx, EveryLayerAndActivationPassesShapeInference) {
  std::vector<LayerSample> samples = layer_samples();
  for (const ActivationDefinition* definition : activations()) {
    const std::string name(definition->name);
    samples.push_back({name, {1}, {layer("activation", {{"activation", name}})}});
  }
  for (const LayerSample& sample : samples) {
    SCOPED_TRACE(sample.name);
    onnx::ModelProto model = parsed(to_onnx(regression_model(sample.layers, sample.sample)));
    onnx::checker::check_model(model);
    onnx::shape_inference::InferShapes(model, onnx::OpSchemaRegistry::Instance(),
                                       onnx::ShapeInferenceOptions(true, 1));
    const auto& shape = model.graph().output(0).type().tensor_type().shape();
    EXPECT_EQ(shape.dim(shape.dim_size() - 1).dim_value(), 1);
  }
}

TEST(WriteOnnx, SlicesColumns) {
  NetworkGraph network;
  const ValueId x = network.graph.add_input("x", {kBatch, 5});
  network.inputs = {x};
  network.output = network.graph.append(op::slice(), "part", {x},
                                        {{"begin", int64_t{1}}, {"size", int64_t{3}}})[0];
  onnx::GraphProto graph;
  GraphWriter writer(graph);
  EXPECT_EQ(append_network_nodes(writer, network, {"x"}), "part/Slice");
  ASSERT_EQ(graph.node_size(), 1);
  EXPECT_EQ(graph.node(0).input(1), "constant [1]");
  EXPECT_EQ(graph.node(0).input(2), "constant [4]");
  EXPECT_EQ(graph.node(0).input(3), "constant [-1]");
}

TEST(WriteOnnx, ALayerMayHaveTheNameOfAnyOtherValue) {
  TrainedNetwork trained =
      regression_model({layer("dense", {{"units", int64_t{2}}, {"activation", "relu"}}, "input"),
                        layer("dense", {{"units", int64_t{1}}}, "constant 0")},
                       {3});
  EXPECT_EQ(parse_onnx(to_onnx(trained), "test").weights, trained.weights);
}

TEST(WriteOnnx, APreviousFileSurvivesAFailure) {
  const TemporaryFolder folder;
  const std::string path = folder.file("model.onnx", "previous");
  TrainedNetwork trained = small_model();
  trained.network.layers[0].type = "unknown";
  expect_error(ErrorCode::usage, {"unknown"}, [&] { write_onnx(trained, path); });
  std::ifstream file(path);
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(file), {}), "previous");
  const std::string nowhere = folder.path("no/such/folder.onnx");
  expect_error(ErrorCode::file, {nowhere}, [&] { write_onnx(small_model(), nowhere); });
}

}  // namespace
}  // namespace sinapse
