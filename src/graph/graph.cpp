#include "graph/graph.h"

#include <sinapse/error.h>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "graph/operator.h"

namespace sinapse {

namespace {

template <class T>
const T& attribute_as(const Node& node, std::string_view name) {
  const auto found = node.attributes.find(name);
  if (found == node.attributes.end() || !std::holds_alternative<T>(found->second)) {
    throw std::logic_error(fmt::format("{} \"{}\" has no attribute {} of the type asked for",
                                       node.op->name, node.name, name));
  }
  return std::get<T>(found->second);
}

Attributes complete(const Operator& op, const std::string& name, Attributes given) {
  Attributes all;
  for (const AttributeSpec& spec : op.attributes) {
    auto found = given.find(spec.name);
    if (found != given.end() && found->second.index() != spec.default_value.index()) {
      throw std::logic_error(fmt::format("{} \"{}\": attribute {} has the wrong type", op.name,
                                         name, spec.name));
    }
    all.emplace(spec.name, found == given.end() ? spec.default_value : found->second);
    if (found != given.end()) given.erase(found);
  }
  if (!given.empty()) {
    throw std::logic_error(
        fmt::format("{} \"{}\" knows no attribute {}", op.name, name, given.begin()->first));
  }
  return all;
}

}  // namespace

int64_t Node::integer(std::string_view name) const { return attribute_as<int64_t>(*this, name); }
double Node::number(std::string_view name) const { return attribute_as<double>(*this, name); }
const std::string& Node::text(std::string_view name) const {
  return attribute_as<std::string>(*this, name);
}
const std::vector<int64_t>& Node::integers(std::string_view name) const {
  return attribute_as<std::vector<int64_t>>(*this, name);
}

ValueId Graph::add_value(std::string name, Shape shape, ValueKind kind) {
  values_.push_back({std::move(name), std::move(shape), kind, -1});
  return static_cast<ValueId>(values_.size() - 1);
}

ValueId Graph::add_input(std::string name, Shape shape) {
  return add_value(std::move(name), std::move(shape), ValueKind::input);
}
ValueId Graph::add_parameter(std::string name, Shape shape) {
  return add_value(std::move(name), std::move(shape), ValueKind::parameter);
}
ValueId Graph::add_state(std::string name, Shape shape) {
  return add_value(std::move(name), std::move(shape), ValueKind::state);
}

std::vector<ValueId> Graph::append(const Operator& op, std::string name,
                                   std::vector<ValueId> inputs, Attributes attributes) {
  Node node{&op, std::move(name), std::move(inputs), {}, {}};
  node.attributes = complete(op, node.name, std::move(attributes));
  const std::vector<Shape> shapes = op.infer(*this, node);
  for (size_t i = 0; i < shapes.size(); ++i) {
    std::string suffix = shapes.size() > 1 ? fmt::format(":{}", i) : "";
    const ValueId output = add_value(node.name + suffix, shapes[i], ValueKind::result);
    values_[output].producer = static_cast<int32_t>(nodes_.size());
    node.outputs.push_back(output);
  }
  nodes_.push_back(node);
  return node.outputs;
}

ValueId Graph::find(std::string_view name) const {
  for (size_t id = 0; id < values_.size(); ++id) {
    if (values_[id].name == name) return static_cast<ValueId>(id);
  }
  return kNoValue;
}

std::string to_string(const Attribute& attribute) {
  return std::visit(
      [](const auto& value) -> std::string {
        if constexpr (std::is_same_v<std::decay_t<decltype(value)>, std::vector<int64_t>>) {
          return fmt::format("[{}]", fmt::join(value, ", "));
        } else {
          return fmt::format("{}", value);
        }
      },
      attribute);
}

std::string print(const Graph& graph) {
  std::string text;
  const auto name_of = [&](ValueId id) {
    return id == kNoValue ? std::string("-") : fmt::format("{}%{}", graph.value(id).name, id);
  };
  for (const Node& node : graph.nodes()) {
    std::vector<std::string> outputs, inputs, attributes;
    for (const ValueId id : node.outputs) outputs.push_back(name_of(id));
    for (const ValueId id : node.inputs) inputs.push_back(name_of(id));
    for (const auto& [key, value] : node.attributes) {
      attributes.push_back(key + "=" + to_string(value));
    }
    text += fmt::format("{} = {}({}){}{}\n", fmt::join(outputs, ", "), node.op->name,
                        fmt::join(inputs, ", "), attributes.empty() ? "" : " ",
                        fmt::join(attributes, " "));
    for (const ValueId id : node.outputs) text += "    " + to_string(graph.shape(id)) + "\n";
  }
  return text;
}

void verify(const Graph& graph) {
  std::vector<bool> computed(graph.values().size(), false);
  for (size_t id = 0; id < graph.values().size(); ++id) {
    computed[id] = graph.values()[id].kind != ValueKind::result;
  }
  const auto fail = [](const Node& node, const std::string& what) {
    throw std::logic_error(fmt::format("{} \"{}\": {}", node.op->name, node.name, what));
  };
  for (const Node& node : graph.nodes()) {
    for (const ValueId id : node.inputs) {
      if (id != kNoValue && !computed.at(id)) {
        fail(node, "uses " + graph.value(id).name + " before it is computed");
      }
    }
    for (const AttributeSpec& spec : node.op->attributes) {
      if (!node.attributes.contains(spec.name)) fail(node, "lacks " + std::string(spec.name));
    }
    const std::vector<Shape> shapes = node.op->infer(graph, node);
    if (shapes.size() != node.outputs.size()) fail(node, "has the wrong number of outputs");
    for (size_t i = 0; i < shapes.size(); ++i) {
      if (shapes[i] != graph.shape(node.outputs[i])) {
        fail(node, "output should be " + to_string(shapes[i]) + " but is " +
                       to_string(graph.shape(node.outputs[i])));
      }
      computed[node.outputs[i]] = true;
    }
  }
  for (const ValueId id : graph.outputs()) {
    if (!computed.at(id)) throw std::logic_error("an output of the graph is never computed");
  }
}

}  // namespace sinapse
