// ONNX Runtime encodes arrays as ArrayFeatures does.
#include <gtest/gtest.h>

#include "onnx/feature_nodes.h"
#include "onnx/graph_values.h"
#include "onnx/node_models.h"

namespace sinapse {
namespace {

using nlohmann::json;

TEST(PixelNodes, PutChannelsFirst) {
  REQUIRE_ONNX_RUNTIME();
  Array images{.type = ElementType::uint8, .shape = {3, 2, 4, 3}, .bytes = {}};
  for (int i = 0; i < 72; ++i) images.bytes.push_back(static_cast<std::byte>(i * i % 251));
  for (const Channels channels : {Channels::first, Channels::last}) {
    const ArrayFeatures features =
        ArrayFeatures::fit_to(images, std::vector<int64_t>{0, 1, 2}, channels);
    onnx::ModelProto model = empty_model();
    onnx::GraphProto& graph = *model.mutable_graph();
    const std::string output = append_pixel_nodes(graph, features);
    describe_value(*graph.add_output(), output, onnx::TensorProto::FLOAT, features.network_shape());
    json data;
    for (const std::byte value : images.bytes) data.push_back(std::to_integer<int>(value));
    const json outputs = run_in_onnx_runtime(
        {{checked(model), {{"input", {{"data", data}, {"shape", {3, 2, 4, 3}}}}}}})[0];
    expect_near(outputs.at(output), features.encode(images));
  }
}

TEST(PixelNodes, AgreeOnEveryElementType) {
  REQUIRE_ONNX_RUNTIME();
  for (const ElementType type : {ElementType::uint8, ElementType::int8}) {
    Array images{.type = type, .shape = {4, 2, 3}, .bytes = {}};
    for (int i = 0; i < 24; ++i) images.bytes.push_back(static_cast<std::byte>(5 * i));
    const ArrayFeatures features = ArrayFeatures::fit_to(images, std::vector<int64_t>{0, 1, 2});
    onnx::ModelProto model = empty_model();
    onnx::GraphProto& graph = *model.mutable_graph();
    const std::string output = append_pixel_nodes(graph, features);
    describe_value(*graph.add_output(), output, onnx::TensorProto::FLOAT, features.shape);
    json data;
    for (const std::byte value : images.bytes) data.push_back(std::to_integer<int>(value));
    const json outputs = run_in_onnx_runtime(
        {{checked(model), {{"input", {{"data", data}, {"shape", {4, 2, 3}}}}}}})[0];
    expect_near(outputs.at(output), features.encode(images));
  }
}

}  // namespace
}  // namespace sinapse
