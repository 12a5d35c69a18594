#include "onnx/feature_nodes.h"

#include <algorithm>
#include <numeric>

#include "onnx/date_nodes.h"
#include "onnx/feature_work.h"
#include "onnx/graph_values.h"
#include "onnx/number_nodes.h"
#include "onnx/text_nodes.h"

namespace sinapse {

namespace {

using Names = std::vector<std::string>;

constexpr int64_t kFloat = onnx::TensorProto::FLOAT;

// A dictionary from a column's texts to places, the first of which is `first`.
template <class T>
std::string append_places(FeatureWork& work, const CategoryFeature& feature,
                          const char* values_name, const char* default_name, T first) {
  const std::string input = work.input(feature.column, onnx::TensorProto::STRING,
                                       "category, as it stands in the file; empty if missing");
  Names texts = feature.categories;
  std::vector<T> places;
  for (size_t i = 0; i < texts.size(); ++i)
    places.push_back(first + static_cast<T>(feature.place(static_cast<int64_t>(i))));
  const bool has_empty_text = std::find(texts.begin(), texts.end(), "") != texts.end();
  if (feature.has_missing_place && !has_empty_text) {
    texts.emplace_back();
    places.push_back(first + static_cast<T>(feature.missing_place()));
  }
  const T unknown = first + static_cast<T>(feature.unknown_place());
  const OnnxAttribute attributes[] = {
      {"keys_strings", texts}, {values_name, places}, {default_name, unknown}};
  return work.writer.ml_node("LabelEncoder", "features/" + feature.column, {input}, attributes);
}

// Each place asks whether its own column's index is the place's: one comparison for all columns.
void append_one_hot(FeatureWork& work, const Features& features, Names& dense) {
  const std::string scope = "features/one_hot";
  Names indices;
  std::vector<int64_t> owners;
  for (const CategoryFeature& feature : features.categories()) {
    if (feature.embedded()) continue;
    owners.insert(owners.end(), feature.num_places(), static_cast<int64_t>(indices.size()));
    indices.push_back(
        append_places<int64_t>(work, feature, "values_int64s", "default_int64",
                               static_cast<int64_t>(owners.size()) - feature.num_places()));
  }
  if (indices.empty()) return;
  std::vector<int64_t> places(owners.size());
  std::iota(places.begin(), places.end(), 0);
  const std::string index_of_place =
      work.append("Gather", scope, {work.concat(scope, indices), work.writer.integers(owners)},
                  {{"axis", int64_t{1}}});
  const std::string hot =
      work.append("Equal", scope, {index_of_place, work.writer.integers(places)});
  dense.push_back(work.append("Cast", scope, {hot}, {{"to", kFloat}}));
}

// All products of two inputs, side by side.
std::string append_products(FeatureWork& work, const Features& features, const std::string& dense) {
  const std::string scope = "features/interactions";
  std::vector<int64_t> left, right;
  for (const Features::Product& product : features.products()) {
    left.push_back(product.left);
    right.push_back(product.right);
  }
  const auto factors = [&](const std::vector<int64_t>& columns) {
    return work.append("Gather", scope, {dense, work.writer.integers(columns)},
                       {{"axis", int64_t{1}}});
  };
  const std::string products = work.append("Mul", scope, {factors(left), factors(right)});
  return work.concat(scope, {dense, products});
}

int32_t onnx_type(ElementType type) {
  switch (type) {
    case ElementType::uint8:
      return onnx::TensorProto::UINT8;
    case ElementType::int8:
      return onnx::TensorProto::INT8;
    case ElementType::int16:
      return onnx::TensorProto::INT16;
    case ElementType::int32:
      return onnx::TensorProto::INT32;
    case ElementType::int64:
      return onnx::TensorProto::INT64;
    case ElementType::float32:
      return onnx::TensorProto::FLOAT;
    case ElementType::float64:
      return onnx::TensorProto::DOUBLE;
  }
  return onnx::TensorProto::UNDEFINED;
}

}  // namespace

std::vector<std::string> append_feature_nodes(onnx::GraphProto& graph, const Features& features,
                                              GraphSteps* sequences, bool free_time) {
  FeatureWork work{graph, GraphWriter(graph), sequences};
  Names dense, results;
  append_number_nodes(work, features, dense);
  append_one_hot(work, features, dense);
  if (!features.dates().empty()) dense.push_back(append_date_nodes(work, features));
  for (const TextFeature& text : features.texts()) dense.push_back(append_text_nodes(work, text));
  if (!dense.empty()) results.push_back(work.concat("features", dense));
  if (!features.products().empty()) results[0] = append_products(work, features, results[0]);
  for (const CategoryFeature& feature : features.categories())
    if (feature.embedded())
      results.push_back(append_places<float>(work, feature, "values_floats", "default_float", 0));
  for (const TokenFeature& feature : features.tokens())
    results.push_back(append_token_nodes(work, feature, free_time));
  return results;
}

std::vector<std::string> append_sequence_features(onnx::GraphProto& graph, const Features& features,
                                                  GraphSteps& sequences) {
  const std::string rows = append_feature_nodes(graph, features, &sequences).front();
  FeatureWork work{graph, GraphWriter(graph)};
  const auto node = [&](std::string_view type, const std::vector<std::string>& inputs,
                        const std::vector<OnnxAttribute>& attributes = {}) {
    return work.append(type, "features/sequences", inputs, attributes);
  };
  const std::string length =
      work.input("length", onnx::TensorProto::INT64, "how many steps of the sequence count");
  const std::string shape = node("Shape", {sequences.column});  // batch, time
  const std::string whole =
      node("Concat", {shape, work.writer.integers({features.width()})}, {{"axis", int64_t{0}}});
  const std::string x = node("Reshape", {rows, whole});
  const std::string ones = node("ConstantOfShape", {shape});
  const std::string numbers =
      node("CumSum", {node("Add", {ones, work.writer.scalar(1)}), work.writer.integers({1})});
  const std::string count = node("Cast", {length}, {{"to", kFloat}});
  const std::string counts = node("LessOrEqual", {numbers, count});
  const std::string of_step = node("Unsqueeze", {counts, work.writer.integers({2})});
  return {node("Where", {of_step, x, work.writer.scalar(0)}), count};
}

std::string append_pixel_nodes(onnx::GraphProto& graph, const ArrayFeatures& pixels,
                               bool free_time) {
  FeatureWork work{graph, GraphWriter(graph)};
  std::string x = work.writer.unique("input");
  onnx::ValueInfoProto& input = *graph.add_input();
  describe_value(input, x, onnx_type(pixels.type), pixels.shape);
  if (free_time) {
    auto& shape = *input.mutable_type()->mutable_tensor_type()->mutable_shape();
    shape.mutable_dim(1)->set_dim_param("time");
  }
  if (pixels.type != ElementType::float32)
    x = work.append("Cast", "features", {x}, {{"to", kFloat}});
  if (pixels.channels == Channels::last) {
    std::vector<int64_t> axes{0, static_cast<int64_t>(pixels.shape.size())};
    for (size_t axis = 1; axis < pixels.shape.size(); ++axis) {
      axes.push_back(static_cast<int64_t>(axis));
    }
    x = work.append("Transpose", "features", {x}, {{"perm", axes}});
  }
  const auto per_channel = [&](const char* name, const std::vector<float>& values) {
    if (values.size() == 1) return work.writer.scalar(values[0]);
    std::vector<int64_t> shape(pixels.shape.size(), 1);
    shape[0] = pixels.num_channels();
    const std::string table = work.writer.table(std::string("features/") + name, std::span(values));
    return work.append("Reshape", "features", {table, work.writer.integers(shape)});
  };
  const std::string centred = work.append("Sub", "features", {x, per_channel("mean", pixels.mean)});
  return work.append("Mul", "features", {centred, per_channel("scale", pixels.scale)});
}

}  // namespace sinapse
