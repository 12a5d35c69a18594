// Embedding: a learned vector for each category, looked up by index. An index outside the table
// counts as the last one, the place of the unknown.
#include <algorithm>

#include "ops/operators.h"

namespace sinapse {

namespace {

template <class T>
int64_t clamped_index(T value, int64_t count) {
  return value >= 0 && value < static_cast<T>(count) ? static_cast<int64_t>(value) : count - 1;
}

std::vector<Shape> infer_embedding(const Graph& graph, const Node& node) {
  const Shape &table = graph.shape(node.inputs[0]), &indices = graph.shape(node.inputs[1]);
  if (table.size() != 2) fail_shape(node, "expects a table [categories, dimension]");
  if (indices != batched({1})) {
    fail_shape(node, "expects one index a row, but the indices are " + to_string(indices));
  }
  return {batched({table[1]})};
}

std::vector<ValueId> gradient_of_embedding(GradientBuilder& builder, const Node& node,
                                           std::span<const ValueId> dy) {
  const Shape& table = builder.graph().shape(node.inputs[0]);
  return {builder.append(op::embedding_gradient(), node, {node.inputs[1], dy[0]},
                         {{"categories", table[0]}}),
          kNoValue};
}

template <class T>
void reference_embedding(const ReferenceCall<T>& call) {
  const View<T>&table = call.inputs[0], &indices = call.inputs[1], &y = call.outputs[0];
  const int64_t categories = call.input_shape(0)[0];
  for (int64_t r = 0; r < y.rows; ++r) {
    const int64_t index = clamped_index(indices.at(r, 0), categories);
    std::copy_n(table.data + index * y.columns, y.columns, y.row(r));
  }
}

std::vector<Shape> infer_gradient(const Graph& graph, const Node& node) {
  return {{node.integer("categories"), graph.shape(node.inputs[1])[1]}};
}

template <class T>
void reference_gradient(const ReferenceCall<T>& call) {
  const View<T>&indices = call.inputs[0], &dy = call.inputs[1], &dtable = call.outputs[0];
  std::fill_n(dtable.data, dtable.columns, T{0});
  for (int64_t r = 0; r < dy.rows; ++r) {
    const int64_t index = clamped_index(indices.at(r, 0), call.node.integer("categories"));
    for (int64_t c = 0; c < dy.columns; ++c) dtable.data[index * dy.columns + c] += dy.at(r, c);
  }
}

}  // namespace

const Operator& op::embedding() {
  static const Operator definition{
      .name = "Gather",
      .doc = "y = table[index].  table [categories, dimension], index [batch, 1]",
      .attributes = {},
      .infer = infer_embedding,
      .gradient = gradient_of_embedding,
      .reference32 = reference_embedding<float>,
      .reference64 = reference_embedding<double>};
  return definition;
}

const Operator& op::embedding_gradient() {
  static const Operator definition{
      .name = "GatherGradient",
      .doc = "dtable[index] += dy.  Inputs index, dy",
      .attributes = {{"categories", int64_t{1}, "rows of the table"}},
      .infer = infer_gradient,
      .reference32 = reference_gradient<float>,
      .reference64 = reference_gradient<double>};
  return definition;
}

}  // namespace sinapse
