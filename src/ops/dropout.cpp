// Dropout: while training, each element is dropped with probability `rate` and the others are
// scaled by 1 / (1 - rate). The mask is a function of (seed, purpose, step, element), so the
// gradient applies the same operator to dy and nothing is stored.
#include <fmt/format.h>

#include "data/philox.h"
#include "ops/noise_dropout.h"
#include "ops/operators.h"

namespace sinapse {

namespace {

std::vector<Shape> infer_dropout(const Graph& graph, const Node& node) {
  const double rate = node.number("rate");
  if (!(rate >= 0 && rate < 1)) {
    fail_shape(node, "rate must be at least 0 and below 1, but is " +
                         to_string(node.attributes.at("rate")));
  }
  const int64_t shared = node.integer("shared"), row = row_size(graph.shape(node.inputs[0]));
  if (shared < 1 || row % shared != 0) {
    fail_shape(node,
               fmt::format("{} elements of a row cannot be dropped {} by {}", row, shared, shared));
  }
  return {graph.shape(node.inputs[0])};
}

std::vector<ValueId> gradient_of_dropout(GradientBuilder& builder, const Node& node,
                                         std::span<const ValueId> dy) {
  return {builder.append(op::dropout(), node, {dy[0]}, node.attributes)};
}

template <class T>
void reference_dropout(const ReferenceCall<T>& call) {
  const View<T>&x = call.inputs[0], &y = call.outputs[0];
  const double rate = dropout_rate(call.node, call.state);
  const RandomStream random(call.state.seed, static_cast<uint32_t>(call.node.integer("purpose")),
                            call.state.step);
  const auto threshold = static_cast<uint32_t>(rate * 0x1p32);
  const T scale = static_cast<T>(1 / (1 - rate));
  const int64_t shared = call.node.integer("shared");
  for (int64_t r = 0; r < y.rows; ++r) {
    for (int64_t c = 0; c < y.columns; ++c) {
      const int64_t element = ((call.first_row + r) * y.columns + c) / shared;
      y.at(r, c) = random.bits(element) < threshold ? T{0} : scale * x.at(r, c);
    }
  }
}

std::vector<Shape> infer_mask(const Graph&, const Node& node) {
  const double rate = node.number("rate");
  if (!(rate >= 0 && rate < 1)) {
    fail_shape(node, "rate must be at least 0 and below 1, but is " +
                         to_string(node.attributes.at("rate")));
  }
  return {batched({node.integer("units")})};
}

template <class T>
void reference_mask(const ReferenceCall<T>& call) {
  const View<T>& y = call.outputs[0];
  const MaskedAffine mask = masked_affine(*call.node.op, dropout_rate(call.node, call.state));
  const RandomStream random(call.state.seed, static_cast<uint32_t>(call.node.integer("purpose")),
                            call.state.step);
  for (int64_t r = 0; r < y.rows; ++r) {
    for (int64_t c = 0; c < y.columns; ++c) {
      const bool dropped = random.bits((call.first_row + r) * y.columns + c) < mask.threshold;
      y.at(r, c) = dropped ? T{0} : static_cast<T>(mask.scale);
    }
  }
}

}  // namespace

const Operator& op::dropout_mask() {
  static const Operator definition{
      .name = "DropoutMask",
      .doc =
          "What Dropout makes of ones.  x, for its rows → [batch, units]: 1 / (1 - rate) with "
          "probability 1 - rate, else 0",
      .attributes = {{"rate", 0.5, "probability of 0"},
                     {"purpose", int64_t{0}, "the random stream"},
                     {"units", int64_t{1}, "numbers of a row"}},
      .infer = infer_mask,
      .reference32 = reference_mask<float>,
      .reference64 = reference_mask<double>};
  return definition;
}

const Operator& op::dropout() {
  static const Operator definition{
      .name = "Dropout",
      .doc =
          "y = x / (1 - rate) with probability 1 - rate, else 0.  Srivastava, Hinton, "
          "Krizhevsky, Sutskever, Salakhutdinov 2014",
      .attributes = {{"rate", 0.5, "probability of dropping an element"},
                     {"purpose", int64_t{0}, "the random stream"},
                     {"shared", int64_t{1}, "neighbouring elements dropped together"}},
      .infer = infer_dropout,
      .gradient = gradient_of_dropout,
      .reference32 = reference_dropout<float>,
      .reference64 = reference_dropout<double>};
  return definition;
}

}  // namespace sinapse
