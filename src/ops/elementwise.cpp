// Arithmetic element by element. The right side may be smaller: it then repeats along the row, as a
// bias [channels] does over x [batch, ..., channels].
#include <fmt/format.h>

#include "ops/operators.h"

namespace sinapse {

namespace {

std::vector<Shape> infer_binary(const Graph& graph, const Node& node) {
  const Shape &a = graph.shape(node.inputs[0]), &b = graph.shape(node.inputs[1]);
  if (a == b) return {a};
  const Shape row = row_shape(a);
  const bool trailing =
      !is_batched(b) && b.size() <= row.size() && std::equal(b.rbegin(), b.rend(), row.rbegin());
  if (!trailing && !(!is_batched(b) && row_size(b) == 1)) {
    fail_shape(node, fmt::format("the shapes {} and {} do not fit each other; they must be equal, "
                                 "or the second one the last axes of the first",
                                 to_string(a), to_string(b)));
  }
  return {a};
}

// Element of b that meets element c of row r of a.
template <class T>
T repeated(const View<T>& b, bool same, int64_t r, int64_t c) {
  return same ? b.at(r, c) : b.data[c % b.columns];
}

template <class T, class F>
void reference_binary(const ReferenceCall<T>& call, F f) {
  const View<T>&a = call.inputs[0], &b = call.inputs[1], &y = call.outputs[0];
  const bool same = call.input_shape(0) == call.input_shape(1);
  for (int64_t r = 0; r < y.rows; ++r) {
    for (int64_t c = 0; c < y.columns; ++c) y.at(r, c) = f(a.at(r, c), repeated(b, same, r, c));
  }
}

ValueId reduce_to(GradientBuilder& builder, const Node& node, ValueId gradient, ValueId target) {
  const Shape shape = builder.graph().shape(target);
  if (builder.graph().shape(gradient) == shape) return gradient;
  return builder.append(op::sum_to(), node, {gradient}, {{"shape", shape}});
}

ValueId scaled(GradientBuilder& builder, const Node& node, ValueId value, double scale) {
  return builder.append(op::affine(), node, {value}, {{"scale", scale}});
}

std::vector<ValueId> gradient_of_add(GradientBuilder& g, const Node& node,
                                     std::span<const ValueId> dy) {
  return {dy[0], g.wanted(node.inputs[1]) ? reduce_to(g, node, dy[0], node.inputs[1]) : kNoValue};
}

std::vector<ValueId> gradient_of_subtract(GradientBuilder& g, const Node& node,
                                          std::span<const ValueId> dy) {
  if (!g.wanted(node.inputs[1])) return {dy[0], kNoValue};
  return {dy[0], reduce_to(g, node, scaled(g, node, dy[0], -1), node.inputs[1])};
}

std::vector<ValueId> gradient_of_multiply(GradientBuilder& g, const Node& node,
                                          std::span<const ValueId> dy) {
  const ValueId a = node.inputs[0], b = node.inputs[1];
  ValueId da = kNoValue, db = kNoValue;
  if (g.wanted(a)) da = g.append(op::multiply(), node, {dy[0], b});
  if (g.wanted(b)) db = reduce_to(g, node, g.append(op::multiply(), node, {dy[0], a}), b);
  return {da, db};
}

// y = a / b:  da = dy / b,  db = -dy y / b
std::vector<ValueId> gradient_of_divide(GradientBuilder& g, const Node& node,
                                        std::span<const ValueId> dy) {
  const ValueId b = node.inputs[1];
  const ValueId da = g.append(op::divide(), node, {dy[0], b});
  if (!g.wanted(b)) return {da, kNoValue};
  const ValueId product = g.append(op::multiply(), node, {da, node.outputs[0]});
  return {da, reduce_to(g, node, scaled(g, node, product, -1), b)};
}

template <class T>
void reference_add(const ReferenceCall<T>& call) {
  reference_binary(call, [](T a, T b) { return a + b; });
}
template <class T>
void reference_subtract(const ReferenceCall<T>& call) {
  reference_binary(call, [](T a, T b) { return a - b; });
}
template <class T>
void reference_multiply(const ReferenceCall<T>& call) {
  reference_binary(call, [](T a, T b) { return a * b; });
}
template <class T>
void reference_divide(const ReferenceCall<T>& call) {
  reference_binary(call, [](T a, T b) { return a / b; });
}

std::vector<Shape> infer_same(const Graph& graph, const Node& node) {
  return {graph.shape(node.inputs[0])};
}

std::vector<ValueId> gradient_of_affine(GradientBuilder& g, const Node& node,
                                        std::span<const ValueId> dy) {
  return {scaled(g, node, dy[0], node.number("scale"))};
}

template <class T>
void reference_affine(const ReferenceCall<T>& call) {
  const View<T>&x = call.inputs[0], &y = call.outputs[0];
  const T scale = static_cast<T>(call.node.number("scale"));
  const T offset = static_cast<T>(call.node.number("offset"));
  for (int64_t r = 0; r < y.rows; ++r) {
    for (int64_t c = 0; c < y.columns; ++c) y.at(r, c) = scale * x.at(r, c) + offset;
  }
}

std::vector<Shape> infer_sum_to(const Graph&, const Node& node) {
  return {node.integers("shape")};
}

template <class T>
void reference_sum_to(const ReferenceCall<T>& call) {
  const View<T>&x = call.inputs[0], &y = call.outputs[0];
  for (int64_t c = 0; c < y.columns; ++c) y.data[c] = 0;
  for (int64_t r = 0; r < x.rows; ++r) {
    for (int64_t c = 0; c < x.columns; ++c) y.data[c % y.columns] += x.at(r, c);
  }
}

}  // namespace

const Operator& op::add() {
  static const Operator definition{.name = "Add",
                                   .doc = "y = a + b",
                                   .attributes = {},
                                   .infer = infer_binary,
                                   .gradient = gradient_of_add,
                                   .reference32 = reference_add<float>,
                                   .reference64 = reference_add<double>,
                                   .any_order = true};
  return definition;
}

const Operator& op::subtract() {
  static const Operator definition{.name = "Sub",
                                   .doc = "y = a - b",
                                   .attributes = {},
                                   .infer = infer_binary,
                                   .gradient = gradient_of_subtract,
                                   .reference32 = reference_subtract<float>,
                                   .reference64 = reference_subtract<double>};
  return definition;
}

const Operator& op::multiply() {
  static const Operator definition{.name = "Mul",
                                   .doc = "y = a b",
                                   .attributes = {},
                                   .infer = infer_binary,
                                   .gradient = gradient_of_multiply,
                                   .reference32 = reference_multiply<float>,
                                   .reference64 = reference_multiply<double>,
                                   .any_order = true};
  return definition;
}

const Operator& op::divide() {
  static const Operator definition{.name = "Div",
                                   .doc = "y = a / b",
                                   .attributes = {},
                                   .infer = infer_binary,
                                   .gradient = gradient_of_divide,
                                   .reference32 = reference_divide<float>,
                                   .reference64 = reference_divide<double>};
  return definition;
}

const Operator& op::affine() {
  static const Operator definition{
      .name = "Affine",
      .doc = "y = scale x + offset with fixed numbers",
      .attributes = {{"scale", 1.0, "the factor"}, {"offset", 0.0, "what is added"}},
      .infer = infer_same,
      .gradient = gradient_of_affine,
      .reference32 = reference_affine<float>,
      .reference64 = reference_affine<double>};
  return definition;
}

const Operator& op::sum_to() {
  static const Operator definition{
      .name = "SumTo",
      .doc = "Sums x over the batch and over the repeats of `shape` along the row",
      .attributes = {{"shape", std::vector<int64_t>{}, "the last axes of x that stay"}},
      .infer = infer_sum_to,
      .reference32 = reference_sum_to<float>,
      .reference64 = reference_sum_to<double>};
  return definition;
}

}  // namespace sinapse
