// Puts an ONNX graph together: nodes, constants and weights, every value with a name of its own.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <onnx/onnx_pb.h>

#include <sinapse/shape.h>

namespace sinapse {

/// An attribute of an ONNX node.
struct OnnxAttribute {
  std::string_view name;
  std::variant<float, int64_t, std::string, std::vector<float>, std::vector<int64_t>,
               std::vector<std::string>>
      value;
};

class GraphWriter {
 public:
  /// Names that the graph already has stay as they are. What is added to the body of a loop gets a
  /// prefix, since it may use the names around it, too.
  explicit GraphWriter(onnx::GraphProto& graph, std::string prefix = "");

  /// The name itself, or with a number behind it if another value has that name: "dense1/Mul:2".
  std::string unique(const std::string& name);

  /// A node named <scope>/<type>; its single output, named likewise, is returned.
  std::string node(std::string_view type, std::string_view scope,
                   const std::vector<std::string>& inputs,
                   std::span<const OnnxAttribute> attributes = {});

  /// The same with several outputs.
  std::vector<std::string> nodes(std::string_view type, std::string_view scope,
                                 const std::vector<std::string>& inputs,
                                 std::span<const OnnxAttribute> attributes, size_t num_outputs);

  /// A Scan along axis 1: `states` go from step to step, `sequences` are cut into steps, and so are
  /// the outputs of the body put together.
  std::vector<std::string> scan(std::string_view scope, const onnx::GraphProto& body,
                                const std::vector<std::string>& states,
                                const std::vector<std::string>& sequences);

  /// The same for an operator of ai.onnx.ml.
  std::string ml_node(std::string_view type, std::string_view scope,
                      const std::vector<std::string>& inputs,
                      std::span<const OnnxAttribute> attributes);

  /// Weights as an initializer of that very name, float32. Throws Error(model) if it is taken.
  void weights(const std::string& name, const Shape& shape, std::span<const float> values);

  /// Constants as initializers named after their values; equal ones are shared.
  std::string scalar(float value);
  std::string double_scalar(double value);
  std::string integers(const std::vector<int64_t>& values);

  /// Fitted values as initializers [size] of that name, or nearly that name.
  std::string table(const std::string& name, std::span<const float> values);
  std::string table(const std::string& name, std::span<const double> values);
  std::string table(const std::string& name, std::span<const std::string> values);

 private:
  void add_tensor(const std::string& name, int32_t data_type, const Shape& shape,
                  std::string_view bytes);
  std::string constant(const std::string& text, int32_t data_type, const Shape& shape,
                       std::string_view bytes);

  onnx::GraphProto& graph_;
  const std::string prefix_;
  std::set<std::string> names_, node_names_;
  std::map<std::string, std::string> constants_;  // by value
};

}  // namespace sinapse
