// Sequences [batch, time, features] as a whole: their lengths, what stands for all steps, the order
// of their axes, and the place of each step.
#include <cmath>

#include <fmt/format.h>

#include "ops/mask_steps.h"
#include "ops/operators.h"
#include "ops/positions.h"
#include "ops/recurrent.h"

namespace sinapse {

namespace {

void require_sequences(const Graph& graph, const Node& node) {
  const Shape& x = graph.shape(node.inputs[0]);
  if (x.size() == 3 && is_batched(x)) return;
  fail_shape(node, "expects sequences [batch, time, features], but x is " + to_string(x));
}

void require_lengths(const Graph& graph, const Node& node) {
  if (node.inputs.size() < 2 || node.inputs[1] == kNoValue) return;
  if (graph.shape(node.inputs[1]) == batched({1})) return;
  fail_shape(node, "expects one length a row, but the lengths are " +
                       to_string(graph.shape(node.inputs[1])));
}

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

// How many steps of a row are pooled: at least one.
template <class T>
int64_t pooled_steps(const ReferenceCall<T>& call, size_t lengths, int64_t row, int64_t time) {
  const View<T> given = lengths < call.inputs.size() ? call.inputs[lengths] : View<T>{};
  return std::max<int64_t>(1, length_of(given, row, time));
}

std::vector<Shape> infer_pool(const Graph& graph, const Node& node) {
  require_sequences(graph, node);
  require_lengths(graph, node);
  const std::string& mode = node.text("mode");
  if (mode != "mean" && mode != "max" && mode != "last") {
    fail_shape(node, fmt::format("mode must be mean, max or last, but is \"{}\"", mode));
  }
  return {batched({graph.shape(node.inputs[0])[2]})};
}

std::vector<ValueId> gradient_of_pool(GradientBuilder& builder, const Node& node,
                                      std::span<const ValueId> dy) {
  const ValueId lengths = node.inputs.size() > 1 ? node.inputs[1] : kNoValue;
  std::vector<ValueId> gradients(node.inputs.size(), kNoValue);
  gradients[0] = builder.append(op::pool_steps_gradient(), node, {node.inputs[0], lengths, dy[0]},
                                node.attributes);
  return gradients;
}

// The largest value of each feature; step by step, as they lie in memory.
template <class T>
void largest_values(const T* x, int64_t steps, int64_t features, T* largest) {
  std::copy_n(x, features, largest);
  for (int64_t i = features; i < steps * features; i += features) {
    for (int64_t c = 0; c < features; ++c)
      largest[c] = x[i + c] > largest[c] ? x[i + c] : largest[c];
  }
}

// The step of the largest value of each feature, the first of several.
template <class T>
void largest_steps(const T* x, int64_t steps, int64_t features, std::vector<T>& largest,
                   std::vector<int64_t>& at) {
  largest.assign(x, x + features);
  at.assign(features, 0);
  for (int64_t t = 1; t < steps; ++t) {
    for (int64_t c = 0; c < features; ++c) {
      const T value = x[t * features + c];
      if (!(value > largest[c])) continue;
      largest[c] = value;
      at[c] = t;
    }
  }
}

template <class T>
void reference_pool(const ReferenceCall<T>& call) {
  const View<T>&x = call.inputs[0], &y = call.outputs[0];
  const int64_t time = call.input_shape(0)[1], n = call.input_shape(0)[2];
  const std::string& mode = call.node.text("mode");
  for (int64_t r = 0; r < x.rows; ++r) {
    const int64_t steps = pooled_steps(call, 1, r, time);
    T *const to = y.row(r), *const from = x.row(r);
    if (mode == "last") {
      std::copy_n(from + (steps - 1) * n, n, to);
    } else if (mode == "max") {
      largest_values(from, steps, n, to);
    } else {
      std::fill_n(to, n, T{0});
      for (int64_t i = 0; i < steps * n; i += n) {
        for (int64_t c = 0; c < n; ++c) to[c] += from[i + c];
      }
      for (int64_t c = 0; c < n; ++c) to[c] /= static_cast<T>(steps);
    }
  }
}

std::vector<Shape> infer_first(const Graph& graph, const Node& node) {
  return {graph.shape(node.inputs[0])};
}

template <class T>
void reference_pool_gradient(const ReferenceCall<T>& call) {
  const View<T>&x = call.inputs[0], &dy = call.inputs[2], &dx = call.outputs[0];
  std::vector<T> largest;
  std::vector<int64_t> at;
  const int64_t time = call.input_shape(0)[1], n = call.input_shape(0)[2];
  const std::string& mode = call.node.text("mode");
  for (int64_t r = 0; r < x.rows; ++r) {
    const int64_t steps = pooled_steps(call, 1, r, time);
    T *const to = dx.row(r), *const from = dy.row(r);
    std::fill_n(to, time * n, T{0});
    if (mode == "last") {
      std::copy_n(from, n, to + (steps - 1) * n);
    } else if (mode == "max") {
      largest_steps(x.row(r), steps, n, largest, at);
      for (int64_t c = 0; c < n; ++c) to[at[c] * n + c] = from[c];
    } else {
      for (int64_t i = 0; i < steps * n; i += n) {
        for (int64_t c = 0; c < n; ++c) to[i + c] = from[c] / static_cast<T>(steps);
      }
    }
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
  return infer_first(graph, node);
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

const Operator& op::pool_steps() {
  static const Operator definition{
      .name = "PoolSteps",
      .doc =
          "The mean, the largest value or the last of all steps.  x [batch, time, features], "
          "lengths [batch, 1] or none → [batch, features]",
      .attributes = {{"mode", std::string("mean"), "mean, max or last"}},
      .infer = infer_pool,
      .gradient = gradient_of_pool,
      .reference32 = reference_pool<float>,
      .reference64 = reference_pool<double>};
  return definition;
}

const Operator& op::pool_steps_gradient() {
  static const Operator definition{.name = "PoolStepsGradient",
                                   .doc = "Inputs x, lengths, dy",
                                   .attributes = {{"mode", std::string("mean"), "as PoolSteps"}},
                                   .infer = infer_first,
                                   .reference32 = reference_pool_gradient<float>,
                                   .reference64 = reference_pool_gradient<double>};
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
