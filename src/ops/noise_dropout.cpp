// Dropout's kin: noise while training that keeps mean and, for alpha dropout, variance. As with
// dropout, the noise is a function of (seed, purpose, step, element), so nothing is stored.
#include "ops/noise_dropout.h"

#include <cmath>

#include "data/philox.h"
#include "ops/operators.h"

namespace sinapse {

namespace {

constexpr double kSeluLimit = -1.7580993408473766;  // selu(-infinity) = -scale alpha

std::vector<Shape> infer_same(const Graph& graph, const Node& node) {
  const double rate = node.number("rate");
  if (!(rate >= 0 && rate < 1)) {
    fail_shape(node, "rate must be at least 0 and below 1, but is " +
                         to_string(node.attributes.at("rate")));
  }
  return {graph.shape(node.inputs[0])};
}

std::vector<ValueId> gradient_of_alpha(GradientBuilder& builder, const Node& node,
                                       std::span<const ValueId> dy) {
  return {builder.append(op::alpha_dropout_gradient(), node, {dy[0]}, node.attributes)};
}

std::vector<ValueId> gradient_of_gaussian(GradientBuilder& builder, const Node& node,
                                          std::span<const ValueId> dy) {
  return {builder.append(op::gaussian_dropout(), node, {dy[0]}, node.attributes)};
}

// Calls f(x, random stream, element) for every element.
template <class T, class F>
void for_each_element(const ReferenceCall<T>& call, F f) {
  const View<T>&x = call.inputs[0], &y = call.outputs[0];
  const RandomStream random(call.state.seed, static_cast<uint32_t>(call.node.integer("purpose")),
                            call.state.step);
  for (int64_t r = 0; r < y.rows; ++r) {
    for (int64_t c = 0; c < y.columns; ++c) {
      y.at(r, c) = f(x.at(r, c), random, (call.first_row + r) * y.columns + c);
    }
  }
}

template <class T>
void reference_masked(const ReferenceCall<T>& call) {
  const MaskedAffine m = masked_affine(*call.node.op, dropout_rate(call.node, call.state));
  for_each_element(call, [&](T x, const RandomStream& random, int64_t element) {
    const bool dropped = random.bits(element) < m.threshold;
    return dropped ? static_cast<T>(m.dropped)
                   : static_cast<T>(m.scale) * x + static_cast<T>(m.offset);
  });
}

template <class T>
void reference_gaussian(const ReferenceCall<T>& call) {
  const double deviation = gaussian_deviation(dropout_rate(call.node, call.state));
  for_each_element(call, [&](T x, const RandomStream& random, int64_t element) {
    return x * static_cast<T>(1 + deviation * random.normal(element));
  });
}

std::vector<AttributeSpec> attributes(std::string_view doc) {
  return {{"rate", 0.5, doc}, {"purpose", int64_t{0}, "the random stream"}};
}

}  // namespace

// a and b bring mean and variance of the mixture back to 0 and 1.
MaskedAffine masked_affine(const Operator& op, double rate) {
  const double keep = 1 - rate;
  MaskedAffine m{.threshold = static_cast<uint32_t>(rate * 0x1p32), .scale = 1 / keep};
  if (&op == &op::dropout() || &op == &op::dropout_mask()) return m;
  m.scale = 1 / std::sqrt(keep + kSeluLimit * kSeluLimit * keep * rate);
  if (&op == &op::alpha_dropout_gradient()) return m;
  m.offset = -m.scale * rate * kSeluLimit;
  m.dropped = m.scale * kSeluLimit + m.offset;
  return m;
}

double gaussian_deviation(double rate) {
  return std::sqrt(rate / (1 - rate));
}

const Operator& op::alpha_dropout() {
  static const Operator definition{
      .name = "AlphaDropout",
      .doc =
          "y = a (x with probability 1 - rate, else c) + b, where c is what selu gives for very "
          "negative inputs, and a and b keep mean 0 and variance 1.  Klambauer, Unterthiner, "
          "Mayr, Hochreiter 2017",
      .attributes = attributes("probability of dropping an element"),
      .infer = infer_same,
      .gradient = gradient_of_alpha,
      .reference32 = reference_masked<float>,
      .reference64 = reference_masked<double>};
  return definition;
}

const Operator& op::alpha_dropout_gradient() {
  static const Operator definition{.name = "AlphaDropoutGradient",
                                   .doc = "dx = a dy where x was kept, else 0",
                                   .attributes = attributes("probability of dropping an element"),
                                   .infer = infer_same,
                                   .reference32 = reference_masked<float>,
                                   .reference64 = reference_masked<double>};
  return definition;
}

const Operator& op::gaussian_dropout() {
  static const Operator definition{
      .name = "GaussianDropout",
      .doc =
          "y = x (1 + n), n normal with variance rate / (1 - rate).  Srivastava, Hinton, "
          "Krizhevsky, Sutskever, Salakhutdinov 2014",
      .attributes = attributes("of the dropout with the same variance"),
      .infer = infer_same,
      .gradient = gradient_of_gaussian,
      .reference32 = reference_gaussian<float>,
      .reference64 = reference_gaussian<double>};
  return definition;
}

}  // namespace sinapse
