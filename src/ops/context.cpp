// Context neurons: copies of what was put out before, which the hidden layer sees beside its input.
#include "ops/context.h"

#include <fmt/format.h>

#include <sinapse/activation.h>
#include <sinapse/formula/scalar.h>

#include "ops/operators.h"

namespace sinapse {

namespace {

using namespace context;

ValueId optional(const Node& node, size_t input) {
  return input < node.inputs.size() ? node.inputs[input] : kNoValue;
}
template <class T>
View<T> optional(const ReferenceCall<T>& call, size_t input) {
  return input < call.inputs.size() ? call.inputs[input] : View<T>{};
}

void require_shape(const Graph& graph, const Node& node, Input input, const Shape& expected,
                   const char* name) {
  const ValueId id = optional(node, input);
  if (id == kNoValue || graph.shape(id) == expected) return;
  fail_shape(node, fmt::format("{} must be {}, but is {}", name, to_string(expected),
                               to_string(graph.shape(id))));
}

std::vector<Shape> infer(const Graph& graph, const Node& node) {
  const Shape &x = graph.shape(node.inputs[sums]), &weight = graph.shape(node.inputs[recurrence]);
  if (x.size() != 3 || !is_batched(x)) {
    fail_shape(node, "expects sequences [batch, time, neurons], but the sums are " + to_string(x));
  }
  if (weight.size() != 2 || weight[0] != x[2]) {
    fail_shape(node, fmt::format("the recurrent weight must be [{}, context neurons], but is {}",
                                 x[2], to_string(weight)));
  }
  const double decay = node.number("decay");
  if (!(decay >= 0 && decay < 1)) {
    fail_shape(node, fmt::format("decay must be at least 0 and below 1, but is {}", decay));
  }
  const int64_t n = x[2], m = weight[1];
  require_shape(graph, node, lengths, batched({1}), "lengths");
  require_shape(graph, node, initial, batched({m}), "the initial context");
  require_shape(graph, node, output_weight, {m, n}, "the output weight");
  require_shape(graph, node, output_bias, {m}, "the output bias");
  require_shape(graph, node, mask, batched({m}), "the mask");
  if (node.integer("bptt_steps") < 0) {
    fail_shape(node,
               fmt::format("bptt_steps must be at least 0, but is {}", node.integer("bptt_steps")));
  }
  if (optional(node, output_weight) == kNoValue && n != m) {
    fail_shape(node, fmt::format("{} hidden neurons need as many context neurons, not {}", n, m));
  }
  return {batched({x[1], m}), batched({m}), batched({m}), batched({x[1], n + 2 * m})};
}

std::vector<ValueId> gradient(GradientBuilder& builder, const Node& node,
                              std::span<const ValueId> dy) {
  const ValueId weight = optional(node, output_weight), recurrent = node.inputs[recurrence];
  // d of the hidden sums, d of the output sums, d of the initial context, hidden, context.
  const auto back = builder.append_all(op::context_sums_gradient(), node,
                                       {node.outputs[3], recurrent, optional(node, lengths), weight,
                                        dy[0], dy[1], dy[2], optional(node, mask)},
                                       node.attributes);
  std::vector<ValueId> gradients(node.inputs.size(), kNoValue);
  gradients[sums] = back[0];
  gradients[recurrence] = builder.append(op::steps_weight_gradient(), node, {back[4], back[0]});
  if (optional(node, initial) != kNoValue) gradients[initial] = back[2];
  if (weight == kNoValue) return gradients;
  const auto outputs = builder.append_all(op::steps_weight_gradient(), node, {back[3], back[1]});
  gradients[output_weight] = outputs[0];
  if (optional(node, output_bias) != kNoValue) gradients[output_bias] = outputs[1];
  return gradients;
}

// to[i] += sum_j weight[i, j] x[j]
template <class T>
void add_product(const View<T>& weight, const T* x, int64_t rows, int64_t columns, T* to) {
  for (int64_t i = 0; i < rows; ++i) {
    for (int64_t j = 0; j < columns; ++j) to[i] += weight.data[i * columns + j] * x[j];
  }
}
// to[j] += sum_i d[i] weight[i, j]
template <class T>
void add_transposed(const View<T>& weight, const T* d, int64_t rows, int64_t columns, T* to) {
  for (int64_t i = 0; i < rows; ++i) {
    for (int64_t j = 0; j < columns; ++j) to[j] += d[i] * weight.data[i * columns + j];
  }
}

template <class T>
void reference(const ReferenceCall<T>& call) {
  const View<T>&x = call.inputs[sums], &y = call.outputs[0], &kept = call.outputs[3];
  const View<T> weight = optional(call, output_weight), bias = optional(call, output_bias);
  const int64_t time = call.input_shape(sums)[1], n = call.input_shape(sums)[2];
  const int64_t m = call.input_shape(recurrence)[1], width = n + 2 * m;
  const Activation hidden = parse_activation(call.node.text("activation"));
  const Activation output = parse_activation(call.node.text("output_activation"));
  const auto decay = static_cast<T>(call.node.number("decay"));
  const View<T> masks = optional(call, mask);
  std::vector<T> h(n), seen(m);
  for (int64_t r = 0; r < x.rows; ++r) {
    std::fill_n(y.row(r), y.columns, T{0});
    std::fill_n(kept.row(r), kept.columns, T{0});
    T *const last = call.outputs[1].row(r), *const state = call.outputs[2].row(r);
    std::fill_n(last, m, T{0});
    std::fill_n(state, m, T{0});
    if (const View<T> start = optional(call, initial)) std::copy_n(start.row(r), m, state);
    const int64_t length = length_of(optional(call, lengths), r, time);
    for (int64_t t = 0; t < length; ++t) {
      T *const a = kept.row(r) + t * width, *const o = a + n;
      std::copy_n(state, m, o + m);
      std::copy_n(x.row(r) + t * n, n, a);
      for (int64_t i = 0; i < m; ++i) seen[i] = masks ? masks.at(r, i) * state[i] : state[i];
      add_product(call.inputs[recurrence], seen.data(), n, m, a);
      for (int64_t i = 0; i < n; ++i) h[i] = activate(hidden, a[i]);
      if (weight) {
        if (bias) std::copy_n(bias.data, m, o);
        add_product(weight, h.data(), m, n, o);
        for (int64_t i = 0; i < m; ++i) last[i] = activate(output, o[i]);
      } else {
        std::copy_n(h.data(), m, last);
      }
      std::copy_n(last, m, y.row(r) + t * m);
      for (int64_t i = 0; i < m; ++i) state[i] = decay * state[i] + last[i];
    }
  }
}

std::vector<Shape> infer_gradient(const Graph& graph, const Node& node) {
  const int64_t time = graph.shape(node.inputs[back_kept])[1];
  const Shape& weight = graph.shape(node.inputs[back_recurrence]);
  const int64_t n = weight[0], m = weight[1];
  return {batched({time, n}), batched({time, m}), batched({m}), batched({time, n}),
          batched({time, m})};
}

template <class T>
void reference_gradient(const ReferenceCall<T>& call) {
  const View<T>&kept = call.inputs[back_kept], &weight = call.inputs[back_output_weight];
  const View<T>&dy = call.inputs[d_y], &dlast = call.inputs[d_last_y];
  const View<T>&dstate = call.inputs[d_last_state], &masks = call.inputs[back_mask];
  const int64_t time = call.input_shape(back_kept)[1];
  const int64_t n = call.input_shape(back_recurrence)[0], m = call.input_shape(back_recurrence)[1];
  const Activation hidden = parse_activation(call.node.text("activation"));
  const Activation output = parse_activation(call.node.text("output_activation"));
  const auto decay = static_cast<T>(call.node.number("decay"));
  const int64_t bptt_steps = call.node.integer("bptt_steps");
  std::vector<T> d(m), dh(n), d_seen(m);
  for (int64_t r = 0; r < kept.rows; ++r) {
    for (const View<T>& to : call.outputs) std::fill_n(to.row(r), to.columns, T{0});
    T* const ds = call.outputs[2].row(r);
    if (dstate) std::copy_n(dstate.row(r), m, ds);
    const int64_t length = length_of(call.inputs[back_lengths], r, time);
    for (int64_t t = length - 1; t >= 0; --t) {
      const T *const a = kept.row(r) + t * (n + 2 * m), *const o = a + n, *const before = o + m;
      T *const da = call.outputs[0].row(r) + t * n, *const d_o = call.outputs[1].row(r) + t * m;
      T *const h = call.outputs[3].row(r) + t * n, *const c = call.outputs[4].row(r) + t * m;
      for (int64_t i = 0; i < n; ++i) h[i] = activate(hidden, a[i]);
      for (int64_t i = 0; i < m; ++i) c[i] = masks ? masks.at(r, i) * before[i] : before[i];
      for (int64_t i = 0; i < m; ++i) {
        d[i] = ds[i] + (dy ? dy.at(r, t * m + i) : T{0}) +
               (dlast && t == length - 1 ? dlast.at(r, i) : T{0});
      }
      if (weight) {
        for (int64_t i = 0; i < m; ++i) d_o[i] = d[i] * derivative(output, o[i]);
        std::fill_n(dh.data(), n, T{0});
        add_transposed(weight, d_o, m, n, dh.data());
      } else {
        std::copy_n(d.data(), n, dh.data());
      }
      for (int64_t i = 0; i < n; ++i) da[i] = dh[i] * derivative(hidden, a[i]);
      std::fill_n(d_seen.data(), m, T{0});
      add_transposed(call.inputs[back_recurrence], da, n, m, d_seen.data());
      for (int64_t i = 0; i < m; ++i) {
        ds[i] = decay * ds[i] + (masks ? masks.at(r, i) * d_seen[i] : d_seen[i]);
      }
      if (begins_piece(t, bptt_steps)) std::fill_n(ds, m, T{0});
    }
  }
}

const std::vector<AttributeSpec>& attributes() {
  static const std::vector<AttributeSpec> specs{
      {"activation", std::string("tanh"), "f of the hidden neurons"},
      {"output_activation", std::string("identity"), "g of the outputs, if there is a weight"},
      {"decay", 0.0, "what of the context stays from step to step"},
      {"bptt_steps", int64_t{0}, "steps after which its gradient is cut off, 0: none"}};
  return specs;
}

}  // namespace

bool is_element_wise(const Node& node) {
  const auto of = [&](const char* name) { return parse_activation(node.text(name)).definition; };
  return !of("activation")->row_wise && !of("output_activation")->row_wise;
}

const Operator& op::context() {
  static const Operator definition{
      .name = "Context",
      .doc =
          "h_t = f(sums_t + c_(t-1) R^T), y_t = h_t or g(h_t V^T + b), c_t = decay c_(t-1) + y_t.  "
          "sums [batch, time, n], R [n, m], lengths [batch, 1], initial c [batch, m], V [m, n], b "
          "[m], a mask [batch, m] of c in front of R → y of all steps, of the last, the last c, "
          "and what the gradient needs.  Jordan "
          "1986; Elman 1990",
      .attributes = attributes(),
      .infer = infer,
      .gradient = gradient,
      .reference32 = reference<float>,
      .reference64 = reference<double>};
  return definition;
}

const Operator& op::context_sums_gradient() {
  static const Operator definition{
      .name = "ContextSumsGradient",
      .doc =
          "Gradients of the hidden sums, of the output sums and of the initial context; the hidden "
          "outputs; the contexts as R saw them.  Inputs what was kept, R, lengths, V, the "
          "gradients "
          "of the outputs, and the mask",
      .attributes = attributes(),
      .infer = infer_gradient,
      .reference32 = reference_gradient<float>,
      .reference64 = reference_gradient<double>};
  return definition;
}

}  // namespace sinapse
