// A dense layer on every step of a sequence: y_t = x_t W^T + b with one W for all steps.
#include <fmt/format.h>

#include "ops/operators.h"

namespace sinapse {

namespace {

std::vector<Shape> infer(const Graph& graph, const Node& node) {
  const Shape &x = graph.shape(node.inputs[0]), &weight = graph.shape(node.inputs[1]);
  if (x.size() != 3 || !is_batched(x)) {
    fail_shape(node, "expects sequences [batch, time, features], but x is " + to_string(x));
  }
  if (weight.size() != 2 || weight[1] != x[2]) {
    fail_shape(node,
               fmt::format("the weight must be [units, {}], but is {}", x[2], to_string(weight)));
  }
  if (node.inputs.size() > 2 && graph.shape(node.inputs[2]) != Shape{weight[0]}) {
    fail_shape(node, fmt::format("the bias must be [{}]", weight[0]));
  }
  return {batched({x[1], weight[0]})};
}

std::vector<ValueId> gradient(GradientBuilder& builder, const Node& node,
                              std::span<const ValueId> dy) {
  std::vector<ValueId> gradients{
      builder.append(op::recurrent_input_gradient(), node, {dy[0], node.inputs[1]})};
  const auto weights =
      builder.append_all(op::steps_weight_gradient(), node, {node.inputs[0], dy[0]});
  gradients.push_back(weights[0]);
  if (node.inputs.size() > 2) gradients.push_back(weights[1]);
  return gradients;
}

template <class T>
void reference(const ReferenceCall<T>& call) {
  const View<T>&x = call.inputs[0], &weight = call.inputs[1], &y = call.outputs[0];
  const bool has_bias = call.inputs.size() > 2 && call.inputs[2];
  const int64_t time = call.input_shape(0)[1], k = call.input_shape(0)[2];
  const int64_t units = call.input_shape(1)[0];
  for (int64_t r = 0; r < x.rows; ++r) {
    for (int64_t t = 0; t < time; ++t) {
      for (int64_t u = 0; u < units; ++u) {
        T sum = has_bias ? call.inputs[2].data[u] : T{0};
        for (int64_t i = 0; i < k; ++i) sum += x.at(r, t * k + i) * weight.data[u * k + i];
        y.at(r, t * units + u) = sum;
      }
    }
  }
}

std::vector<Shape> infer_weights(const Graph& graph, const Node& node) {
  const Shape &x = graph.shape(node.inputs[0]), &dy = graph.shape(node.inputs[1]);
  return {{dy[2], x[2]}, {dy[2]}};
}

template <class T>
void reference_weights(const ReferenceCall<T>& call) {
  const View<T>&x = call.inputs[0], &dy = call.inputs[1];
  const View<T>&dweight = call.outputs[0], &dbias = call.outputs[1];
  const int64_t time = call.input_shape(0)[1], k = call.input_shape(0)[2];
  const int64_t units = call.input_shape(1)[2];
  for (const View<T>& to : call.outputs) std::fill_n(to.data, to.columns, T{0});
  for (int64_t r = 0; r < x.rows; ++r) {
    for (int64_t t = 0; t < time; ++t) {
      for (int64_t u = 0; u < units; ++u) {
        const T d = dy.at(r, t * units + u);
        for (int64_t i = 0; i < k; ++i) dweight.data[u * k + i] += d * x.at(r, t * k + i);
        dbias.data[u] += d;
      }
    }
  }
}

}  // namespace

const Operator& op::steps_product() {
  static const Operator definition{
      .name = "StepsProduct",
      .doc =
          "y_t = x_t weight^T + bias.  x [batch, time, k], weight [units, k], bias [units] or none",
      .attributes = {},
      .infer = infer,
      .gradient = gradient,
      .reference32 = reference<float>,
      .reference64 = reference<double>};
  return definition;
}

const Operator& op::steps_weight_gradient() {
  static const Operator definition{.name = "StepsWeightGradient",
                                   .doc = "dweight and dbias, summed over all steps.  Inputs x, dy",
                                   .attributes = {},
                                   .infer = infer_weights,
                                   .reference32 = reference_weights<float>,
                                   .reference64 = reference_weights<double>};
  return definition;
}

}  // namespace sinapse
