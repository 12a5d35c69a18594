// What stands for all steps of a sequence: their mean, their largest values, or the last.
#include <fmt/format.h>

#include "ops/operators.h"
#include "ops/recurrent.h"
#include "ops/sequence_shapes.h"

namespace sinapse {

namespace {

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

}  // namespace

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

}  // namespace sinapse
