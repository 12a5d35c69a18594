// Gemm: the weighted sums of a dense layer, and the two products of its gradient.
// Letters: b rows of the batch, k inputs, n outputs.
#include <fmt/format.h>

#include "ops/operators.h"

namespace sinapse {

namespace {

std::vector<Shape> infer_gemm(const Graph& graph, const Node& node) {
  const Shape& x = graph.shape(node.inputs[0]);
  const Shape& weight = graph.shape(node.inputs[1]);
  if (x.size() != 2 || !is_batched(x)) {
    fail_shape(node, fmt::format("expects rows of a vector, but x is {}. Put a flatten layer "
                                 "before it.", to_string(x)));
  }
  if (weight.size() != 2 || weight[1] != x[1]) {
    fail_shape(node, fmt::format("weight {} does not fit x {} (axis 1)", to_string(weight),
                                 to_string(x)));
  }
  if (node.inputs.size() > 2 && node.inputs[2] != kNoValue &&
      graph.shape(node.inputs[2]) != Shape{weight[0]}) {
    fail_shape(node, fmt::format("bias {} does not fit weight {} (axis 0)",
                                 to_string(graph.shape(node.inputs[2])), to_string(weight)));
  }
  return {batched({weight[0]})};
}

std::vector<ValueId> gradient_of_gemm(GradientBuilder& builder, const Node& node,
                                      std::span<const ValueId> dy) {
  const ValueId x = node.inputs[0], weight = node.inputs[1];
  std::vector<ValueId> gradients(node.inputs.size(), kNoValue);
  if (builder.wanted(x)) {
    gradients[0] = builder.append(op::gemm_input_gradient(), node, {dy[0], weight});
  }
  const bool has_bias = node.inputs.size() > 2 && node.inputs[2] != kNoValue;
  if (builder.wanted(weight) || (has_bias && builder.wanted(node.inputs[2]))) {
    const auto both = builder.append_all(op::gemm_weight_gradient(), node, {x, dy[0]});
    gradients[1] = both[0];
    if (has_bias) gradients[2] = both[1];
  }
  return gradients;
}

// The bias is a weight whose input is the constant 1.
template <class T>
void reference_gemm(const ReferenceCall<T>& call) {
  const View<T>&x = call.inputs[0], &weight = call.inputs[1], &y = call.outputs[0];
  const bool has_bias = call.inputs.size() > 2 && call.inputs[2];
  const int64_t num_inputs = x.columns;
  for (int64_t r = 0; r < y.rows; ++r) {
    for (int64_t n = 0; n < y.columns; ++n) {
      T sum = has_bias ? call.inputs[2].data[n] * T{1} : T{0};
      for (int64_t k = 0; k < num_inputs; ++k) sum += x.at(r, k) * weight.data[n * num_inputs + k];
      y.at(r, n) = sum;
    }
  }
}

std::vector<Shape> infer_input_gradient(const Graph& graph, const Node& node) {
  return {batched({graph.shape(node.inputs[1])[1]})};
}

template <class T>
void reference_input_gradient(const ReferenceCall<T>& call) {
  const View<T>&dy = call.inputs[0], &weight = call.inputs[1], &dx = call.outputs[0];
  for (int64_t r = 0; r < dx.rows; ++r) {
    for (int64_t k = 0; k < dx.columns; ++k) {
      T sum{0};
      for (int64_t n = 0; n < dy.columns; ++n) sum += dy.at(r, n) * weight.data[n * dx.columns + k];
      dx.at(r, k) = sum;
    }
  }
}

std::vector<Shape> infer_weight_gradient(const Graph& graph, const Node& node) {
  const int64_t k = graph.shape(node.inputs[0])[1], n = graph.shape(node.inputs[1])[1];
  return {{n, k}, {n}};
}

template <class T>
void reference_weight_gradient(const ReferenceCall<T>& call) {
  const View<T>&x = call.inputs[0], &dy = call.inputs[1];
  const View<T>&dweight = call.outputs[0], &dbias = call.outputs[1];
  for (int64_t n = 0; n < dy.columns; ++n) {
    for (int64_t k = 0; k < x.columns; ++k) {
      T sum{0};
      for (int64_t r = 0; r < x.rows; ++r) sum += x.at(r, k) * dy.at(r, n);
      dweight.data[n * x.columns + k] = sum;
    }
    T sum{0};
    for (int64_t r = 0; r < x.rows; ++r) sum += T{1} * dy.at(r, n);
    dbias.data[n] = sum;
  }
}

}  // namespace

const Operator& op::gemm() {
  static const Operator definition{
      .name = "Gemm",
      .doc = "y = x weight^T + bias.  x [batch, k], weight [n, k], bias [n] or absent, y [batch, n]",
      .attributes = {},
      .infer = infer_gemm,
      .gradient = gradient_of_gemm,
      .reference32 = reference_gemm<float>,
      .reference64 = reference_gemm<double>};
  return definition;
}

const Operator& op::gemm_input_gradient() {
  static const Operator definition{
      .name = "GemmInputGradient",
      .doc = "dx = dy weight.  dy [batch, n], weight [n, k], dx [batch, k]",
      .attributes = {},
      .infer = infer_input_gradient,
      .reference32 = reference_input_gradient<float>,
      .reference64 = reference_input_gradient<double>};
  return definition;
}

const Operator& op::gemm_weight_gradient() {
  static const Operator definition{
      .name = "GemmWeightGradient",
      .doc = "dweight = dy^T x, dbias = dy^T 1.  x [batch, k], dy [batch, n], dweight [n, k], "
             "dbias [n]",
      .attributes = {},
      .infer = infer_weight_gradient,
      .reference32 = reference_weight_gradient<float>,
      .reference64 = reference_weight_gradient<double>};
  return definition;
}

}  // namespace sinapse
