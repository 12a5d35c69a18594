#include "onnx/recurrent_nodes.h"

#include <algorithm>

#include <fmt/format.h>

#include <sinapse/activation.h>
#include <sinapse/error.h>

#include "onnx/sequence_nodes.h"
#include "ops/operators.h"
#include "ops/recurrent.h"

namespace sinapse {

namespace {

// Our names and ONNX's; those with a constant have it as ONNX's alpha.
constexpr std::pair<const char*, const char*> kActivations[] = {{"tanh", "Tanh"},
                                                                {"relu", "Relu"},
                                                                {"sigmoid", "Sigmoid"},
                                                                {"elu", "Elu"},
                                                                {"leaky_relu", "LeakyRelu"},
                                                                {"softsign", "Softsign"},
                                                                {"softplus", "Softplus"}};

const char* onnx_activation(const Activation& activation) {
  for (const auto& [ours, theirs] : kActivations) {
    if (activation.definition->name == ours) return theirs;
  }
  return nullptr;
}

std::vector<OnnxAttribute> attributes_of(const Node& node, RecurrentKind kind) {
  std::vector<OnnxAttribute> attributes{{"hidden_size", node.integer("hidden_size")},
                                        {"direction", node.text("direction")}};
  if (kind == RecurrentKind::gru) {
    attributes.push_back({"linear_before_reset", node.integer("linear_before_reset")});
  }
  if (kind != RecurrentKind::rnn) return attributes;
  const Activation activation = parse_activation(node.text("activation"));
  const char* name = onnx_activation(activation);
  if (name == nullptr) {
    throw Error(ErrorCode::model,
                fmt::format("RNN \"{}\": an ONNX file cannot hold the activation {}. Choose tanh, "
                            "relu, sigmoid, elu, leaky_relu, softsign or softplus.",
                            node.name, activation.definition->name));
  }
  const size_t directions = node.text("direction") == "bidirectional" ? 2 : 1;
  attributes.push_back({"activations", std::vector<std::string>(directions, name)});
  if (activation.constants.empty()) return attributes;
  const auto alpha = static_cast<float>(activation.constants[0]);
  attributes.push_back({"activation_alpha", std::vector<float>(directions, alpha)});
  return attributes;
}

bool is_read(const Graph& graph, ValueId id) {
  const auto has = [&](const std::vector<ValueId>& ids) {
    return std::find(ids.begin(), ids.end(), id) != ids.end();
  };
  return has(graph.outputs()) || std::any_of(graph.nodes().begin(), graph.nodes().end(),
                                             [&](const Node& node) { return has(node.inputs); });
}

}  // namespace

bool is_recurrent_activation(const std::string& text) {
  return onnx_activation(parse_activation(text)) != nullptr;
}

void append_recurrent_nodes(GraphWriter& writer, const Graph& graph, const Node& node,
                            std::vector<std::string>& names) {
  const RecurrentSizes s = recurrent_sizes(node, graph.shape(node.inputs[recurrent::x]));
  const auto append = [&](std::string_view type, const std::vector<std::string>& inputs,
                          const std::vector<OnnxAttribute>& attributes = {}) {
    return writer.node(type, node.name, inputs, attributes);
  };
  const auto transposed = [&](const std::string& value, std::vector<int64_t> axes) {
    return append("Transpose", {value}, {{"perm", std::move(axes)}});
  };
  const auto reshaped = [&](const std::string& value, const std::vector<int64_t>& shape) {
    return append("Reshape", {value, writer.integers(shape)});
  };
  std::vector<std::string> inputs{
      transposed(names[node.inputs[recurrent::x]], {1, 0, 2}),
      reshaped(names[node.inputs[recurrent::weight]], {s.directions, s.gate_rows(), s.inputs}),
      reshaped(names[node.inputs[recurrent::recurrence]], {s.directions, s.gate_rows(), s.units}),
      reshaped(names[node.inputs[recurrent::bias]], {s.directions, 2 * s.gate_rows()})};
  const auto has = [&](recurrent::Input input) {
    return node.inputs.size() > input && node.inputs[input] != kNoValue;
  };
  if (node.inputs.size() > recurrent::lengths) inputs.resize(node.inputs.size());
  if (has(recurrent::lengths)) {
    const Translation t{writer, graph, node, names};
    const std::string limited =
        append_limited_lengths(t, t.input(recurrent::lengths), t.input(recurrent::x), 0);
    inputs[recurrent::lengths] =
        append("Cast", {reshaped(limited, {-1})}, {{"to", int64_t{onnx::TensorProto::INT32}}});
  }
  for (const recurrent::Input state : {recurrent::initial_h, recurrent::initial_c}) {
    if (!has(state)) continue;
    inputs[state] =
        transposed(reshaped(names[node.inputs[state]], {0, s.directions, s.units}), {1, 0, 2});
  }
  if (has(recurrent::peepholes)) {
    inputs[recurrent::peepholes] =
        reshaped(names[node.inputs[recurrent::peepholes]], {s.directions, 3 * s.units});
  }
  const auto outputs = writer.nodes(node.op->name, node.name, inputs, attributes_of(node, s.kind),
                                    s.kind == RecurrentKind::lstm ? 3 : 2);
  if (is_read(graph, node.outputs[0])) {
    names[node.outputs[0]] = reshaped(transposed(outputs[0], {2, 0, 1, 3}), {0, 0, -1});
  }
  for (size_t state = 1; state < outputs.size(); ++state) {
    if (!is_read(graph, node.outputs[state])) continue;
    names[node.outputs[state]] = reshaped(transposed(outputs[state], {1, 0, 2}), {0, -1});
  }
}

}  // namespace sinapse
