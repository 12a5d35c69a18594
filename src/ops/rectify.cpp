// Rectifiers with a slope of their own for negative values: drawn at random (RReLU) or learned
// (PReLU). The derivative at 0 is that of the left branch.
#include <fmt/format.h>

#include "data/philox.h"
#include "ops/operators.h"

namespace sinapse {

namespace {

std::vector<Shape> infer_same(const Graph& graph, const Node& node) {
  return {graph.shape(node.inputs[0])};
}

const std::vector<AttributeSpec>& random_attributes() {
  static const std::vector<AttributeSpec> specs{{"lower", 1.0 / 8, "smallest slope"},
                                                {"upper", 1.0 / 3, "largest slope"},
                                                {"purpose", int64_t{0}, "the random stream"}};
  return specs;
}

std::vector<ValueId> gradient_of_random(GradientBuilder& builder, const Node& node,
                                        std::span<const ValueId> dy) {
  return {builder.append(op::random_leaky_relu_gradient(), node, {node.inputs[0], dy[0]},
                         node.attributes)};
}

// y = factor(x) * source, where the factor is 1 for x > 0 and the random slope otherwise.
template <class T>
void apply_random_slope(const ReferenceCall<T>& call, const View<T>& source) {
  const View<T>&x = call.inputs[0], &y = call.outputs[0];
  const RandomStream random(call.state.seed, static_cast<uint32_t>(call.node.integer("purpose")),
                            call.state.step);
  const double lower = call.node.number("lower"), upper = call.node.number("upper");
  for (int64_t r = 0; r < y.rows; ++r) {
    for (int64_t c = 0; c < y.columns; ++c) {
      const int64_t element = (call.first_row + r) * y.columns + c;
      const T slope = static_cast<T>(lower + (upper - lower) * random.uniform(element));
      y.at(r, c) = x.at(r, c) > 0 ? source.at(r, c) : slope * source.at(r, c);
    }
  }
}

template <class T>
void reference_random(const ReferenceCall<T>& call) {
  apply_random_slope(call, call.inputs[0]);
}
template <class T>
void reference_random_gradient(const ReferenceCall<T>& call) {
  apply_random_slope(call, call.inputs[1]);
}

std::vector<Shape> infer_prelu(const Graph& graph, const Node& node) {
  const Shape &x = graph.shape(node.inputs[0]), &slope = graph.shape(node.inputs[1]);
  if (is_batched(slope) || x.size() < 2 || (slope != Shape{1} && slope != Shape{x[1]})) {
    fail_shape(node, fmt::format("slope {} does not fit x {}: give one for all, or one for each "
                                 "channel (axis 1)",
                                 to_string(slope), to_string(x)));
  }
  return {x};
}

std::vector<ValueId> gradient_of_prelu(GradientBuilder& builder, const Node& node,
                                       std::span<const ValueId> dy) {
  const ValueId x = node.inputs[0], slope = node.inputs[1];
  return {builder.wanted(x) ? builder.append(op::prelu_input_gradient(), node, {x, slope, dy[0]})
                            : kNoValue,
          builder.wanted(slope) ? builder.append(op::prelu_slope_gradient(), node, {x, dy[0]},
                                                 {{"shape", builder.graph().shape(slope)}})
                                : kNoValue};
}

// Columns of a row that share one slope.
template <class T>
int64_t columns_per_slope(const View<T>& x, const View<T>& slope) {
  return x.columns / slope.columns;
}

template <class T>
void reference_prelu(const ReferenceCall<T>& call) {
  const View<T>&x = call.inputs[0], &slope = call.inputs[1], &y = call.outputs[0];
  const int64_t inner = columns_per_slope(x, slope);
  for (int64_t r = 0; r < y.rows; ++r) {
    for (int64_t c = 0; c < y.columns; ++c) {
      y.at(r, c) = x.at(r, c) > 0 ? x.at(r, c) : slope.data[c / inner] * x.at(r, c);
    }
  }
}

template <class T>
void reference_prelu_input_gradient(const ReferenceCall<T>& call) {
  const View<T>&x = call.inputs[0], &slope = call.inputs[1], &dy = call.inputs[2];
  const View<T>& dx = call.outputs[0];
  const int64_t inner = columns_per_slope(x, slope);
  for (int64_t r = 0; r < dx.rows; ++r) {
    for (int64_t c = 0; c < dx.columns; ++c) {
      dx.at(r, c) = x.at(r, c) > 0 ? dy.at(r, c) : slope.data[c / inner] * dy.at(r, c);
    }
  }
}

std::vector<Shape> infer_slope_gradient(const Graph&, const Node& node) {
  return {node.integers("shape")};
}

template <class T>
void reference_prelu_slope_gradient(const ReferenceCall<T>& call) {
  const View<T>&x = call.inputs[0], &dy = call.inputs[1], &dslope = call.outputs[0];
  const int64_t inner = columns_per_slope(x, dslope);
  for (int64_t c = 0; c < dslope.columns; ++c) dslope.data[c] = 0;
  for (int64_t r = 0; r < x.rows; ++r) {
    for (int64_t c = 0; c < x.columns; ++c) {
      if (!(x.at(r, c) > 0)) dslope.data[c / inner] += dy.at(r, c) * x.at(r, c);
    }
  }
}

}  // namespace

const Operator& op::random_leaky_relu() {
  static const Operator definition{
      .name = "RandomLeakyRelu",
      .doc =
          "y = x for x > 0, a x otherwise, a uniform in [lower, upper) for every element of "
          "every step.  Xu, Wang, Chen, Li 2015",
      .attributes = random_attributes(),
      .infer = infer_same,
      .gradient = gradient_of_random,
      .reference32 = reference_random<float>,
      .reference64 = reference_random<double>};
  return definition;
}

const Operator& op::random_leaky_relu_gradient() {
  static const Operator definition{.name = "RandomLeakyReluGradient",
                                   .doc = "dx = dy for x > 0, a dy otherwise, with the same a",
                                   .attributes = random_attributes(),
                                   .infer = infer_same,
                                   .reference32 = reference_random_gradient<float>,
                                   .reference64 = reference_random_gradient<double>};
  return definition;
}

const Operator& op::prelu() {
  static const Operator definition{.name = "PRelu",
                                   .doc =
                                       "y = x for x > 0, slope x otherwise; slope [channels] (axis "
                                       "1) or [1], learned.  He, Zhang, "
                                       "Ren, Sun 2015",
                                   .attributes = {},
                                   .infer = infer_prelu,
                                   .gradient = gradient_of_prelu,
                                   .reference32 = reference_prelu<float>,
                                   .reference64 = reference_prelu<double>};
  return definition;
}

const Operator& op::prelu_input_gradient() {
  static const Operator definition{.name = "PReluInputGradient",
                                   .doc = "dx = dy for x > 0, slope dy otherwise",
                                   .attributes = {},
                                   .infer = infer_same,
                                   .reference32 = reference_prelu_input_gradient<float>,
                                   .reference64 = reference_prelu_input_gradient<double>};
  return definition;
}

const Operator& op::prelu_slope_gradient() {
  static const Operator definition{
      .name = "PReluSlopeGradient",
      .doc = "dslope = sum of dy x over the elements with x <= 0",
      .attributes = {{"shape", std::vector<int64_t>{}, "shape of the slope"}},
      .infer = infer_slope_gradient,
      .reference32 = reference_prelu_slope_gradient<float>,
      .reference64 = reference_prelu_slope_gradient<double>};
  return definition;
}

}  // namespace sinapse
