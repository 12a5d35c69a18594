// A network as a graph: values joined by operators, in topological order.
#pragma once

#include <sinapse/shape.h>

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <variant>
#include <vector>

namespace sinapse {

struct Operator;  // graph/operator.h

using ValueId = int32_t;
inline constexpr ValueId kNoValue = -1;  // stands for an optional input that is left out

using Attribute = std::variant<int64_t, double, std::string, std::vector<int64_t>>;
using Attributes = std::map<std::string, Attribute, std::less<>>;

std::string to_string(const Attribute& attribute);

enum class ValueKind : uint8_t {
  input,      // written anew for every batch
  parameter,  // learned
  state,      // kept from step to step, but not learned by gradients: moments, running statistics
  result,     // computed by a node
};

struct Value {
  std::string name;
  Shape shape;
  ValueKind kind = ValueKind::result;
  int32_t producer = -1;  // the node that computes a result
};

struct Node {
  const Operator* op = nullptr;
  std::string name;  // the layer it comes from, e.g. "dense1" or "dense1.gradient"
  std::vector<ValueId> inputs;
  std::vector<ValueId> outputs;
  Attributes attributes;

  int64_t integer(std::string_view attribute) const;
  double number(std::string_view attribute) const;
  const std::string& text(std::string_view attribute) const;
  const std::vector<int64_t>& integers(std::string_view attribute) const;
};

/// Nodes stand in an order in which each comes after the producers of its inputs.
class Graph {
 public:
  ValueId add_input(std::string name, Shape shape);
  ValueId add_parameter(std::string name, Shape shape);
  ValueId add_state(std::string name, Shape shape);

  /// Appends a node; the operator's shape rule gives the shapes of its outputs, missing attributes
  /// take their defaults. Throws Error(model) if the inputs do not fit the operator.
  std::vector<ValueId> append(const Operator& op, std::string name, std::vector<ValueId> inputs,
                              Attributes attributes = {});

  void set_outputs(std::vector<ValueId> outputs) { outputs_ = std::move(outputs); }

  const std::vector<Value>& values() const { return values_; }
  const std::vector<Node>& nodes() const { return nodes_; }
  const std::vector<ValueId>& outputs() const { return outputs_; }
  const Value& value(ValueId id) const { return values_[id]; }
  const Shape& shape(ValueId id) const { return values_[id].shape; }
  ValueId find(std::string_view name) const;  // kNoValue if there is none

  // For passes: rewrite in place, then verify.
  std::vector<Node>& mutable_nodes() { return nodes_; }
  std::vector<Value>& mutable_values() { return values_; }

 private:
  ValueId add_value(std::string name, Shape shape, ValueKind kind);

  std::vector<Value> values_;
  std::vector<Node> nodes_;
  std::vector<ValueId> outputs_;
};

/// One line a node, as a person reads it:  dense1 = Gemm(x, dense1.weight, dense1.bias) → [batch, 8]
std::string print(const Graph& graph);

/// Throws std::logic_error if a node uses a value before it is computed, a shape differs from what
/// its operator says, or an attribute is missing: a bug of a layer, a gradient or a pass.
void verify(const Graph& graph);

}  // namespace sinapse
