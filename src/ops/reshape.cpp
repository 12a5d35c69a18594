// Reshape, Concatenate and Slice: which element stands where.
#include <algorithm>

#include <fmt/format.h>

#include "ops/operators.h"

namespace sinapse {

namespace {

std::vector<Shape> infer_reshape(const Graph& graph, const Node& node) {
  const Shape& x = graph.shape(node.inputs[0]);
  const Shape shape = batched(node.integers("shape"));
  if (!is_batched(x)) fail_shape(node, "expects rows of a batch, but x is " + to_string(x));
  if (row_size(shape) != row_size(x)) {
    fail_shape(node, fmt::format("cannot give the {} values of {} the shape {}", row_size(x),
                                 to_string(x), to_string(shape)));
  }
  return {shape};
}

std::vector<ValueId> gradient_of_reshape(GradientBuilder& builder, const Node& node,
                                         std::span<const ValueId> dy) {
  const Shape row = row_shape(builder.graph().shape(node.inputs[0]));
  return {builder.append(op::reshape(), node, {dy[0]}, {{"shape", row}})};
}

template <class T>
void reference_reshape(const ReferenceCall<T>& call) {
  const View<T>&x = call.inputs[0], &y = call.outputs[0];
  for (int64_t r = 0; r < y.rows; ++r) std::copy_n(x.row(r), x.columns, y.row(r));
}

std::vector<Shape> infer_concatenate(const Graph& graph, const Node& node) {
  Shape shape = graph.shape(node.inputs[0]);
  if (shape.size() < 2) fail_shape(node, "x " + to_string(shape) + " has no axis to join");
  int64_t last = 0;
  for (const ValueId id : node.inputs) {
    Shape other = graph.shape(id);
    if (other.size() != shape.size() || !std::equal(other.begin(), other.end() - 1, shape.begin())) {
      fail_shape(node, fmt::format("the shapes {} and {} differ in more than their last axis",
                                   to_string(shape), to_string(other)));
    }
    last += other.back();
  }
  shape.back() = last;
  return {shape};
}

std::vector<ValueId> gradient_of_concatenate(GradientBuilder& builder, const Node& node,
                                             std::span<const ValueId> dy) {
  std::vector<ValueId> gradients;
  int64_t begin = 0;
  for (const ValueId id : node.inputs) {
    const int64_t size = builder.graph().shape(id).back();
    gradients.push_back(builder.wanted(id) ? builder.append(op::slice(), node, {dy[0]},
                                                            {{"begin", begin}, {"size", size}})
                                           : kNoValue);
    begin += size;
  }
  return gradients;
}

template <class T>
void reference_concatenate(const ReferenceCall<T>& call) {
  const View<T>& y = call.outputs[0];
  const int64_t last = call.graph.shape(call.node.outputs[0]).back();
  int64_t begin = 0;
  for (size_t i = 0; i < call.inputs.size(); ++i) {
    const View<T>& x = call.inputs[i];
    const int64_t size = call.input_shape(i).back();
    for (int64_t r = 0; r < y.rows; ++r) {
      for (int64_t v = 0; v < y.columns / last; ++v) {
        std::copy_n(x.row(r) + v * size, size, y.row(r) + v * last + begin);
      }
    }
    begin += size;
  }
}

std::vector<Shape> infer_slice(const Graph& graph, const Node& node) {
  Shape shape = graph.shape(node.inputs[0]);
  const int64_t begin = node.integer("begin"), size = node.integer("size");
  if (begin < 0 || size < 1 || begin + size > shape.back()) {
    fail_shape(node, fmt::format("columns {} to {} are not all in x {}", begin, begin + size,
                                 to_string(shape)));
  }
  shape.back() = size;
  return {shape};
}

template <class T>
void reference_slice(const ReferenceCall<T>& call) {
  const View<T>&x = call.inputs[0], &y = call.outputs[0];
  const int64_t begin = call.node.integer("begin"), size = call.node.integer("size");
  const int64_t last = call.input_shape(0).back();
  for (int64_t r = 0; r < y.rows; ++r) {
    for (int64_t v = 0; v < y.columns / size; ++v) {
      std::copy_n(x.row(r) + v * last + begin, size, y.row(r) + v * size);
    }
  }
}

}  // namespace

const Operator& op::reshape() {
  static const Operator definition{
      .name = "Reshape",
      .doc = "The same values in another shape",
      .attributes = {{"shape", std::vector<int64_t>{}, "shape of a row"}},
      .infer = infer_reshape,
      .gradient = gradient_of_reshape,
      .reference32 = reference_reshape<float>,
      .reference64 = reference_reshape<double>};
  return definition;
}

const Operator& op::concatenate() {
  static const Operator definition{.name = "Concat",
                                   .doc = "Joins its inputs along the last axis",
                                   .attributes = {},
                                   .infer = infer_concatenate,
                                   .gradient = gradient_of_concatenate,
                                   .reference32 = reference_concatenate<float>,
                                   .reference64 = reference_concatenate<double>};
  return definition;
}

const Operator& op::slice() {
  static const Operator definition{
      .name = "Slice",
      .doc = "Takes `size` columns of the last axis from `begin` on",
      .attributes = {{"begin", int64_t{0}, "first column"}, {"size", int64_t{1}, "how many"}},
      .infer = infer_slice,
      .reference32 = reference_slice<float>,
      .reference64 = reference_slice<double>};
  return definition;
}

}  // namespace sinapse
