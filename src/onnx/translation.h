// What the translation of one operator to ONNX nodes works on.
#pragma once

#include <string>
#include <vector>

#include "graph/graph.h"
#include "onnx/graph_writer.h"

namespace sinapse {

/// One node at hand, and the names of the values written so far.
struct Translation {
  GraphWriter& writer;
  const Graph& graph;
  const Node& node;
  const std::vector<std::string>& names;  // by ValueId

  const Shape& shape(size_t input) const { return graph.shape(node.inputs[input]); }
  const Shape& output_shape() const { return graph.shape(node.outputs[0]); }
  const std::string& input(size_t i) const { return names[node.inputs[i]]; }
  std::vector<std::string> inputs() const {
    std::vector<std::string> all;
    for (const ValueId id : node.inputs) {
      if (id != kNoValue) all.push_back(names[id]);
    }
    return all;
  }
  std::string append(std::string_view type, const std::vector<std::string>& inputs,
                     const std::vector<OnnxAttribute>& attributes = {}) const {
    return writer.node(type, node.name, inputs, attributes);
  }
  float number(std::string_view attribute) const {
    return static_cast<float>(node.number(attribute));
  }
};

}  // namespace sinapse
