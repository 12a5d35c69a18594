#include "onnx/feature_nodes.h"

#include <algorithm>
#include <limits>
#include <numeric>

#include "onnx/date_nodes.h"
#include "onnx/graph_values.h"
#include "onnx/graph_writer.h"

namespace sinapse {

namespace {

using Names = std::vector<std::string>;

constexpr int64_t kFloat = onnx::TensorProto::FLOAT;
constexpr float kInfinity = std::numeric_limits<float>::infinity();

/// A graph under construction.
struct Work {
  onnx::GraphProto& graph;
  GraphWriter writer;

  std::string input(const std::string& column, int32_t type, const std::string& doc) {
    onnx::ValueInfoProto& value = *graph.add_input();
    describe_value(value, writer.unique(column), type, {1});
    value.set_doc_string(doc);
    return value.name();
  }

  std::string append(std::string_view type, std::string_view scope, const Names& inputs,
                     const std::vector<OnnxAttribute>& attributes = {}) {
    return writer.node(type, scope, inputs, attributes);
  }

  std::string concat(const std::string& scope, const Names& parts) {
    if (parts.size() == 1) return parts[0];
    return append("Concat", scope, parts, {{"axis", int64_t{1}}});
  }

  // Some columns of a matrix; the matrix itself if they are all of its columns.
  std::string select(const std::string& scope, const std::string& matrix, size_t num_columns,
                     const std::vector<int64_t>& columns) {
    if (columns.size() == num_columns) return matrix;
    return append("Gather", scope, {matrix, writer.integers(columns)}, {{"axis", int64_t{1}}});
  }
};

template <class T>
std::string standardise(Work& work, const std::string& scope, const std::string& x,
                        const std::vector<NumberFeature>& features) {
  std::vector<T> means, scales;
  for (const NumberFeature& feature : features) {
    means.push_back(static_cast<T>(feature.mean));
    scales.push_back(static_cast<T>(feature.scale));
  }
  const std::string centred =
      work.append("Sub", scope, {x, work.writer.table(scope + "/mean", std::span<const T>(means))});
  return work.append("Mul", scope,
                     {centred, work.writer.table(scope + "/scale", std::span<const T>(scales))});
}

// Values, then marks of missing cells, of the columns computed in float (or those in double).
void append_numbers(Work& work, const Features& all, bool wide, Names& dense) {
  const std::string scope = wide ? "features/wide_numbers" : "features/numbers";
  std::vector<NumberFeature> features;
  for (const NumberFeature& feature : all.numbers())
    if (feature.wide == wide) features.push_back(feature);
  if (features.empty()) return;

  Names inputs;
  std::vector<int64_t> varying, marking;
  for (const NumberFeature& feature : features) {
    const auto place = static_cast<int64_t>(inputs.size());
    if (feature.varies) varying.push_back(place);
    if (feature.marks_missing) marking.push_back(place);
    inputs.push_back(work.input(feature.column,
                                wide ? onnx::TensorProto::DOUBLE : onnx::TensorProto::FLOAT,
                                "number; NaN if missing"));
  }
  const std::string x = work.concat(scope, inputs);
  std::string y = wide ? standardise<double>(work, scope, x, features)
                       : standardise<float>(work, scope, x, features);
  if (wide) y = work.append("Cast", scope, {y}, {{"to", kFloat}});
  const std::string size = work.append("Abs", scope, {y});
  const std::string known = work.append("Less", scope, {size, work.writer.scalar(kInfinity)});
  if (!varying.empty()) {
    const std::string values = work.append("Where", scope, {known, y, work.writer.scalar(0)});
    dense.push_back(work.select(scope, values, features.size(), varying));
  }
  if (!marking.empty()) {
    const std::string missing = work.append("Not", scope, {known});
    const std::string marks = work.append("Cast", scope, {missing}, {{"to", kFloat}});
    dense.push_back(work.select(scope, marks, features.size(), marking));
  }
}

// A dictionary from a column's texts to places, the first of which is `first`.
template <class T>
std::string append_places(Work& work, const CategoryFeature& feature, const char* values_name,
                          const char* default_name, T first) {
  const std::string input = work.input(feature.column, onnx::TensorProto::STRING,
                                       "category, as it stands in the file; empty if missing");
  Names texts = feature.categories;
  std::vector<T> places(texts.size());
  std::iota(places.begin(), places.end(), first);
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
void append_one_hot(Work& work, const Features& features, Names& dense) {
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

std::vector<std::string> append_feature_nodes(onnx::GraphProto& graph, const Features& features) {
  Work work{graph, GraphWriter(graph)};
  Names dense, results;
  append_numbers(work, features, /*wide=*/false, dense);
  append_numbers(work, features, /*wide=*/true, dense);
  append_one_hot(work, features, dense);
  if (!features.dates().empty()) dense.push_back(append_date_nodes(graph, work.writer, features));
  if (!dense.empty()) results.push_back(work.concat("features", dense));
  for (const CategoryFeature& feature : features.categories())
    if (feature.embedded())
      results.push_back(append_places<float>(work, feature, "values_floats", "default_float", 0));
  return results;
}

std::string append_pixel_nodes(onnx::GraphProto& graph, const ArrayFeatures& pixels) {
  Work work{graph, GraphWriter(graph)};
  std::string x = work.writer.unique("input");
  describe_value(*graph.add_input(), x, onnx_type(pixels.type), pixels.shape);
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
