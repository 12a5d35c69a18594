// Sequences [batch, time, features] as a whole: their lengths, the order of their axes, and the
// place of each step.
#include <cmath>

#include <fmt/format.h>

#include "ops/mask_steps.h"
#include "ops/operators.h"
#include "ops/positions.h"
#include "ops/recurrent.h"
#include "ops/sequence_shapes.h"

namespace sinapse {

namespace {

std::vector<Shape> infer_lengths(const Graph& graph, const Node& node) {
  const Shape& x = graph.shape(node.inputs[0]);
  if (x.size() != 2) require_sequences(graph, node);
  return {batched({1})};
}

template <class T>
void reference_lengths(const ReferenceCall<T>& call) {
  const View<T>& x = call.inputs[0];
  const auto padding = static_cast<T>(call.node.number("padding"));
  const int64_t time = call.input_shape(0)[1], features = x.columns / time;
  for (int64_t r = 0; r < x.rows; ++r) {
    const T* const end =
        std::find_if(std::reverse_iterator(x.row(r) + x.columns), std::reverse_iterator(x.row(r)),
                     [&](T value) { return value != padding; })
            .base();
    call.outputs[0].at(r, 0) = static_cast<T>((end - x.row(r) + features - 1) / features);
  }
}

std::vector<Shape> infer_mask(const Graph& graph, const Node& node) {
  require_sequences(graph, node);
  require_lengths(graph, node);
  return {graph.shape(node.inputs[0])};
}

std::vector<ValueId> gradient_of_mask(GradientBuilder& builder, const Node& node,
                                      std::span<const ValueId> dy) {
  return {builder.append(op::mask_steps(), node, {dy[0], node.inputs[1]}), kNoValue};
}

template <class T>
void reference_mask(const ReferenceCall<T>& call) {
  const View<T>&x = call.inputs[0], &y = call.outputs[0];
  const int64_t time = call.input_shape(0)[1], n = call.input_shape(0)[2];
  for (int64_t r = 0; r < x.rows; ++r) {
    const int64_t kept = length_of(call.inputs[1], r, time) * n;
    std::fill(std::copy_n(x.row(r), kept, y.row(r)), y.row(r) + time * n, T{0});
  }
}

std::vector<Shape> infer_swap(const Graph& graph, const Node& node) {
  require_sequences(graph, node);
  const Shape& x = graph.shape(node.inputs[0]);
  return {batched({x[2], x[1]})};
}

std::vector<ValueId> gradient_of_swap(GradientBuilder& builder, const Node& node,
                                      std::span<const ValueId> dy) {
  return {builder.append(op::swap_axes(), node, {dy[0]})};
}

template <class T>
void reference_swap(const ReferenceCall<T>& call) {
  const int64_t rows = call.input_shape(0)[1], columns = call.input_shape(0)[2];
  for (int64_t r = 0; r < call.inputs[0].rows; ++r) {
    const T* const x = call.inputs[0].row(r);
    T* const y = call.outputs[0].row(r);
    for (int64_t i = 0; i < rows; ++i) {
      for (int64_t j = 0; j < columns; ++j) y[j * rows + i] = x[i * columns + j];
    }
  }
}

std::vector<Shape> infer_positions(const Graph& graph, const Node& node) {
  require_sequences(graph, node);
  return {graph.shape(node.inputs[0])};
}

std::vector<ValueId> gradient_of_positions(GradientBuilder&, const Node&,
                                           std::span<const ValueId> dy) {
  return {dy[0]};
}

template <class T>
void reference_positions(const ReferenceCall<T>& call) {
  const View<T>&x = call.inputs[0], &y = call.outputs[0];
  const int64_t time = call.input_shape(0)[1], n = call.input_shape(0)[2];
  for (int64_t t = 0; t < time; ++t) {
    for (int64_t c = 0; c < n; ++c) {
      const auto position = static_cast<T>(sinusoidal_position(t, c, n));
      for (int64_t r = 0; r < x.rows; ++r) y.at(r, t * n + c) = x.at(r, t * n + c) + position;
    }
  }
}

}  // namespace

double position_frequency(int64_t channel, int64_t channels) {
  return std::pow(10000.0, -static_cast<double>(channel / 2 * 2) / static_cast<double>(channels));
}

double sinusoidal_position(int64_t step, int64_t channel, int64_t channels) {
  const double angle = static_cast<double>(step) * position_frequency(channel, channels);
  return channel % 2 == 0 ? std::sin(angle) : std::cos(angle);
}

const Operator& op::sequence_lengths() {
  static const Operator definition{
      .name = "SequenceLengths",
      .doc =
          "Steps up to the last that is not all padding.  x [batch, time] or [batch, time, "
          "features] → [batch, 1]",
      .attributes = {{"padding", 0.0, "the value that fills up short sequences"}},
      .infer = infer_lengths,
      .reference32 = reference_lengths<float>,
      .reference64 = reference_lengths<double>};
  return definition;
}

const Operator& op::mask_steps() {
  static const Operator definition{
      .name = "MaskSteps",
      .doc = "Zeros behind the length.  x [batch, time, features], lengths [batch, 1]",
      .attributes = {},
      .infer = infer_mask,
      .gradient = gradient_of_mask,
      .reference32 = reference_mask<float>,
      .reference64 = reference_mask<double>};
  return definition;
}

const Operator& op::swap_axes() {
  static const Operator definition{.name = "Transpose",
                                   .doc = "[batch, a, b] → [batch, b, a]",
                                   .attributes = {},
                                   .infer = infer_swap,
                                   .gradient = gradient_of_swap,
                                   .reference32 = reference_swap<float>,
                                   .reference64 = reference_swap<double>};
  return definition;
}

const Operator& op::positions() {
  static const Operator definition{
      .name = "SinusoidalPositions",
      .doc =
          "y = x + p with p[t, 2 i] = sin(t / 10000^(2 i / n)), p[t, 2 i + 1] the cosine.  x "
          "[batch, time, n].  Vaswani and others 2017",
      .attributes = {},
      .infer = infer_positions,
      .gradient = gradient_of_positions,
      .reference32 = reference_positions<float>,
      .reference64 = reference_positions<double>};
  return definition;
}

}  // namespace sinapse
