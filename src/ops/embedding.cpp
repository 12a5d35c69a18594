// Embedding: a learned vector for each category, looked up by index, or by each of a sequence of
// them. An index outside the table counts as the last one, the place of the unknown.
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
  if (indices.size() != 2 || !is_batched(indices)) {
    fail_shape(node, "expects one index a row, or [batch, time], but the indices are " +
                         to_string(indices));
  }
  if (indices[1] == 1) return {batched({table[1]})};
  return {batched({indices[1], table[1]})};
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
  const int64_t categories = call.input_shape(0)[0], n = call.input_shape(0)[1];
  for (int64_t r = 0; r < y.rows; ++r) {
    for (int64_t t = 0; t < indices.columns; ++t) {
      const int64_t index = clamped_index(indices.at(r, t), categories);
      std::copy_n(table.data + index * n, n, y.row(r) + t * n);
    }
  }
}

std::vector<Shape> infer_gradient(const Graph& graph, const Node& node) {
  return {{node.integer("categories"), graph.shape(node.inputs[1]).back()}};
}

template <class T>
void reference_gradient(const ReferenceCall<T>& call) {
  const View<T>&indices = call.inputs[0], &dy = call.inputs[1], &dtable = call.outputs[0];
  std::fill_n(dtable.data, dtable.columns, T{0});
  const int64_t n = call.input_shape(1).back();
  for (int64_t r = 0; r < dy.rows; ++r) {
    for (int64_t t = 0; t < indices.columns; ++t) {
      const int64_t index = clamped_index(indices.at(r, t), call.node.integer("categories"));
      for (int64_t c = 0; c < n; ++c) dtable.data[index * n + c] += dy.at(r, t * n + c);
    }
  }
}

}  // namespace

const Operator& op::embedding() {
  static const Operator definition{
      .name = "Gather",
      .doc = "y = table[index].  table [categories, dimension], index [batch, 1] or [batch, time]",
      .attributes = {},
      .infer = infer_embedding,
      .gradient = gradient_of_embedding,
      .reference32 = reference_embedding<float>,
      .reference64 = reference_embedding<double>};
  return definition;
}

const Operator& op::embedding_gradient() {
  static const Operator definition{.name = "GatherGradient",
                                   .doc = "dtable[index] += dy.  Inputs index, dy",
                                   .attributes = {{"categories", int64_t{1}, "rows of the table"}},
                                   .infer = infer_gradient,
                                   .reference32 = reference_gradient<float>,
                                   .reference64 = reference_gradient<double>};
  return definition;
}

}  // namespace sinapse
