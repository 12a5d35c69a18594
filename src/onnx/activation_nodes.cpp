#include "onnx/activation_nodes.h"

#include <map>

#include <fmt/format.h>

#include <sinapse/error.h>
#include <sinapse/formula/traced.h>

namespace sinapse {

namespace {

// Writes each step of a traced formula once, after its inputs.
class FormulaWriter {
 public:
  FormulaWriter(GraphWriter& writer, const std::string& layer, const std::string& x)
      : writer_(writer), layer_(layer), x_(x) {}

  std::string write(const TracedNode& node) {
    if (node.kind == TracedNode::Kind::argument) return x_;
    if (node.kind == TracedNode::Kind::constant) {
      return writer_.scalar(static_cast<float>(node.constant));
    }
    if (const auto found = written_.find(&node); found != written_.end()) return found->second;
    std::vector<std::string> inputs;
    for (const auto& input : node.inputs) inputs.push_back(write(*input));
    std::vector<OnnxAttribute> attributes;
    for (const auto& attribute : node.attributes) {
      std::visit([&](auto value) { attributes.push_back({attribute.name, value}); },
                 attribute.value);
    }
    return written_[&node] = writer_.node(node.operator_type, layer_, inputs, attributes);
  }

 private:
  GraphWriter& writer_;
  const std::string &layer_, &x_;
  std::map<const TracedNode*, std::string> written_;
};

}  // namespace

std::string append_activation_nodes(GraphWriter& writer, const Activation& activation,
                                    const std::string& layer, const std::string& x) {
  const Traced formula = trace(activation);
  if (formula.is_constant()) {
    throw Error(ErrorCode::model, fmt::format("activation \"{}\" does not depend on its input",
                                              to_string(activation)));
  }
  return FormulaWriter(writer, layer, x).write(*formula.node());
}

}  // namespace sinapse
