#include "compile/interpreter.h"

#include <stdexcept>

namespace sinapse {

template <class T>
Interpreter<T>::Interpreter(const Graph& graph) : graph_(graph), values_(graph.values().size()) {
  for (size_t id = 0; id < values_.size(); ++id) {
    const Value& value = graph.values()[id];
    if (!is_batched(value.shape)) values_[id].resize(row_size(value.shape));
  }
}

template <class T>
View<T> Interpreter<T>::view(ValueId id, int64_t rows) {
  if (id == kNoValue) return {};
  const int64_t columns = row_size(graph_.shape(id));
  const int64_t count = is_batched(graph_.shape(id)) ? rows : 1;
  if (graph_.value(id).kind == ValueKind::result) {
    values_[id].resize(count * columns);
  } else if (static_cast<int64_t>(values_[id].size()) < count * columns) {
    throw std::logic_error("Interpreter: " + graph_.value(id).name + " was not filled");
  }
  return {values_[id].data(), count, columns, columns};
}

template <class T>
void Interpreter<T>::run(int64_t rows, const StepState& state) {
  std::vector<View<T>> inputs, outputs;
  for (const Node& node : graph_.nodes()) {
    inputs.clear();
    outputs.clear();
    for (const ValueId id : node.inputs) inputs.push_back(view(id, rows));
    for (const ValueId id : node.outputs) outputs.push_back(view(id, rows));
    const ReferenceCall<T> call{graph_, node, inputs, outputs, state, 0, rows};
    if constexpr (std::is_same_v<T, float>) {
      node.op->reference32(call);
    } else {
      node.op->reference64(call);
    }
  }
}

template class Interpreter<float>;
template class Interpreter<double>;

}  // namespace sinapse
