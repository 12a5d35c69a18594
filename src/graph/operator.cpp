#include "graph/operator.h"

namespace sinapse {

ValueId GradientBuilder::append(const Operator& op, const Node& forward,
                                std::vector<ValueId> inputs, Attributes attributes) {
  return append_all(op, forward, std::move(inputs), std::move(attributes)).front();
}

std::vector<ValueId> GradientBuilder::append_all(const Operator& op, const Node& forward,
                                                 std::vector<ValueId> inputs,
                                                 Attributes attributes) {
  return graph_.append(op, forward.name + ".gradient", std::move(inputs), std::move(attributes));
}

}  // namespace sinapse
