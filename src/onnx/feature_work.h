// What the parts of the preprocessing share while they are written as ONNX operators.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "onnx/graph_values.h"
#include "onnx/graph_writer.h"

namespace sinapse {

/// Sequences in an ONNX graph: so many steps, or any number of them.
struct GraphSteps {
  int64_t steps = 0;   // 0: any number
  std::string column;  // a graph input [batch, time], once there is one
};

/// A graph under construction. With `sequences` the inputs are [batch, time]: everything is done on
/// all steps of all rows as if each were a row.
struct FeatureWork {
  onnx::GraphProto& graph;
  GraphWriter writer;
  GraphSteps* sequences = nullptr;

  std::string input(const std::string& column, int32_t type, const std::string& doc) {
    onnx::ValueInfoProto& value = *graph.add_input();
    const std::string name = writer.unique(column);
    if (sequences != nullptr)
      describe_steps(value, name, type, sequences->steps, {});
    else
      describe_value(value, name, type, {1});
    value.set_doc_string(doc);
    if (sequences == nullptr) return name;
    sequences->column = name;
    return append("Reshape", "features/" + column, {name, writer.integers({-1, 1})});
  }

  std::string append(std::string_view type, std::string_view scope,
                     const std::vector<std::string>& inputs,
                     const std::vector<OnnxAttribute>& attributes = {}) {
    return writer.node(type, scope, inputs, attributes);
  }

  std::string concat(const std::string& scope, const std::vector<std::string>& parts) {
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

}  // namespace sinapse
