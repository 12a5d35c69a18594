// The way back through RNN, LSTM and GRU: first the gradients of all weighted sums, row by row;
// from those, the gradients of inputs and weights are products.
#include "ops/recurrent.h"
#include "ops/recurrent_cells.h"

namespace sinapse {

using namespace recurrent;

namespace {

ValueId optional(const Node& node, Input input) {
  return input < node.inputs.size() ? node.inputs[input] : kNoValue;
}

const Operator& sums_gradient(RecurrentKind kind) {
  if (kind == RecurrentKind::lstm) return op::lstm_sums_gradient();
  return kind == RecurrentKind::gru ? op::gru_sums_gradient() : op::rnn_sums_gradient();
}

}  // namespace

std::vector<ValueId> gradient_of_recurrent(GradientBuilder& builder, const Node& node,
                                           std::span<const ValueId> dy) {
  const RecurrentSizes s = recurrent_sizes(node, builder.graph().shape(node.inputs[x]));
  const bool is_lstm = s.kind == RecurrentKind::lstm;
  const ValueId kept = node.outputs.back(), start = optional(node, initial_h),
                start_c = optional(node, initial_c), peephole = optional(node, peepholes);
  const auto sums = builder.append_all(
      sums_gradient(s.kind), node,
      {node.inputs[x], node.inputs[recurrence], peephole, optional(node, lengths), start, start_c,
       node.outputs[0], kept, dy[0], dy[1], is_lstm ? dy[2] : kNoValue, optional(node, mask)},
      node.attributes);
  const ValueId d_recurrent = s.kind == RecurrentKind::gru ? sums[3] : sums[0];
  std::vector<ValueId> gradients(node.inputs.size(), kNoValue);
  gradients[x] =
      builder.append(op::recurrent_input_gradient(), node, {sums[0], node.inputs[weight]});
  const auto weights = builder.append_all(
      op::recurrent_weight_gradient(), node,
      {node.inputs[x], node.outputs[0], optional(node, lengths), start, sums[0], d_recurrent,
       s.kind == RecurrentKind::gru && node.integer("linear_before_reset") == 0 ? kept : kNoValue,
       optional(node, mask)},
      {{"hidden_size", s.units}, {"direction", node.text("direction")}});
  for (const Input input : {weight, recurrence, bias}) gradients[input] = weights[input - 1];
  if (start != kNoValue) gradients[initial_h] = sums[1];
  if (start_c != kNoValue) gradients[initial_c] = sums[2];
  if (peephole != kNoValue) {
    gradients[peepholes] =
        builder.append(op::peephole_gradient(), node,
                       {node.inputs[x], optional(node, lengths), start_c, kept, sums[0]},
                       {{"hidden_size", s.units}, {"direction", node.text("direction")}});
  }
  return gradients;
}

namespace {

std::vector<Shape> infer_sums(const Graph& graph, const Node& node) {
  const RecurrentSizes s = recurrent_sizes(node, graph.shape(node.inputs[recurrent_back::x]));
  const Shape sums = batched({s.time, s.directions * s.gate_rows()});
  const Shape states = batched({s.directions * s.units});
  std::vector<Shape> outputs{sums, states, states};
  if (s.kind == RecurrentKind::gru) outputs.push_back(sums);
  return outputs;
}

// d of the sums from x, of both initial states and, of a GRU, of the sums from h.
template <class T>
void reference_sums(const ReferenceCall<T>& call) {
  const auto& in = call.inputs;
  const RecurrentSizes s = recurrent_sizes(call.node, call.input_shape(recurrent_back::x));
  const bool is_gru = s.kind == RecurrentKind::gru;
  const Activation activation =
      parse_activation(s.kind == RecurrentKind::rnn ? call.node.text("activation") : "tanh");
  const int64_t n = s.units, width = s.directions * n, rows = s.gate_rows();
  const int64_t bptt_steps = call.node.integer("bptt_steps");
  const std::vector<T> zeros(n);
  const View<T>& masks = in[recurrent_back::mask];
  const View<T>&d_input = call.outputs[0], &d_recurrent = call.outputs[is_gru ? 3 : 0];
  for (int64_t r = 0; r < d_input.rows; ++r) {
    std::fill_n(d_input.row(r), d_input.columns, T{0});
    std::fill_n(d_recurrent.row(r), d_recurrent.columns, T{0});
    const int64_t length = length_of(in[recurrent_back::lengths], r, s.time);
    for (int64_t d = 0; d < s.directions; ++d) {
      const auto weights =
          cell_weights<T>(s, d, in[recurrent_back::recurrence], {}, in[recurrent_back::peepholes],
                          activation, is_gru && call.node.integer("linear_before_reset"));
      T *const dh = call.outputs[1].row(r) + d * n, *const dc = call.outputs[2].row(r) + d * n;
      for (int64_t u = 0; u < n; ++u) {
        dh[u] = in[recurrent_back::d_last_h] ? in[recurrent_back::d_last_h].at(r, d * n + u) : T{0};
        dc[u] = in[recurrent_back::d_last_c] ? in[recurrent_back::d_last_c].at(r, d * n + u) : T{0};
      }
      const auto kept = [&](int64_t t) {
        return in[recurrent_back::kept].row(r) + (t * s.directions + d) * s.kept() * n;
      };
      const auto at_start = [&](const View<T>& initial) {
        return initial ? static_cast<const T*>(initial.row(r) + d * n) : zeros.data();
      };
      walk(!s.is_reverse(d), length, [&](int64_t t, int64_t) {
        const bool is_first = s.is_reverse(d) ? t == length - 1 : t == 0;
        const int64_t previous = s.is_reverse(d) ? t + 1 : t - 1;
        for (int64_t u = 0; in[recurrent_back::d_y] && u < n; ++u)
          dh[u] += in[recurrent_back::d_y].at(r, t * width + d * n + u);
        const T *h = at_start(in[recurrent_back::initial_h]),
                *c = at_start(in[recurrent_back::initial_c]);
        if (!is_first) {
          h = in[recurrent_back::y].row(r) + previous * width + d * n;
          if (s.kind == RecurrentKind::lstm) c = kept(previous) + 4 * n;
        }
        with_cell(s.kind, [&](auto cell) {
          cell.backward(
              weights,
              CellBackStep<T>{.h = h,
                              .c = c,
                              .mask = masks ? masks.row(r) + d * n : nullptr,
                              .kept = kept(t),
                              .dh = dh,
                              .dc = dc,
                              .d_input = d_input.row(r) + (t * s.directions + d) * rows,
                              .d_recurrent = d_recurrent.row(r) + (t * s.directions + d) * rows});
        });
        if (begins_piece(s.is_reverse(d) ? length - 1 - t : t, bptt_steps)) {
          std::fill_n(dh, n, T{0});
          std::fill_n(dc, n, T{0});
        }
      });
    }
  }
}

std::vector<Shape> infer_input(const Graph& graph, const Node& node) {
  return {batched({graph.shape(node.inputs[0])[1], graph.shape(node.inputs[1])[1]})};
}

template <class T>
void reference_input(const ReferenceCall<T>& call) {
  const View<T>&d_sums = call.inputs[0], &weight = call.inputs[1], &dx = call.outputs[0];
  const int64_t time = call.input_shape(0)[1], rows = call.input_shape(0)[2];
  const int64_t k = call.input_shape(1)[1];
  for (int64_t r = 0; r < dx.rows; ++r) {
    std::fill_n(dx.row(r), dx.columns, T{0});
    for (int64_t t = 0; t < time; ++t) {
      for (int64_t row = 0; row < rows; ++row) {
        const T d = d_sums.at(r, t * rows + row);
        for (int64_t i = 0; i < k; ++i) dx.at(r, t * k + i) += d * weight.data[row * k + i];
      }
    }
  }
}

std::vector<Shape> infer_weights(const Graph& graph, const Node& node) {
  const int64_t rows = graph.shape(node.inputs[recurrent_weights::d_input])[2];
  return {{rows, graph.shape(node.inputs[recurrent_weights::x])[2]},
          {rows, node.integer("hidden_size")},
          {2 * rows}};
}

template <class T>
void reference_weights(const ReferenceCall<T>& call) {
  const auto& in = call.inputs;
  const View<T>&x = in[recurrent_weights::x], &kept = in[recurrent_weights::kept];
  const RecurrentSizes s = recurrent_sizes(call.node, call.input_shape(recurrent_weights::x));
  const int64_t n = s.units, k = s.inputs, width = s.directions * n;
  const int64_t all_rows = call.input_shape(recurrent_weights::d_input)[2],
                rows = all_rows / s.directions;
  const View<T>&dw = call.outputs[0], &dr = call.outputs[1], &db = call.outputs[2];
  for (const View<T>& to : call.outputs) std::fill_n(to.data, to.columns, T{0});
  const View<T>& masks = in[recurrent_weights::mask];
  std::vector<T> masked(n), reset(n);
  for (int64_t r = 0; r < x.rows; ++r) {
    for (int64_t d = 0; d < s.directions; ++d) {
      walk(s.is_reverse(d), length_of(in[recurrent_weights::lengths], r, s.time),
           [&](int64_t t, int64_t last) {
             const T* const d_input =
                 in[recurrent_weights::d_input].row(r) + t * all_rows + d * rows;
             const T* const d_recurrent =
                 in[recurrent_weights::d_recurrent].row(r) + t * all_rows + d * rows;
             const T* h =
                 last >= 0 ? in[recurrent_weights::y].row(r) + last * width + d * n : nullptr;
             if (last < 0 && in[recurrent_weights::initial_h])
               h = in[recurrent_weights::initial_h].row(r) + d * n;
             if (masks && h) {
               for (int64_t u = 0; u < n; ++u) masked[u] = masks.at(r, d * n + u) * h[u];
               h = masked.data();
             }
             if (kept && h) {
               const T* const gate = kept.row(r) + (t * s.directions + d) * 4 * n + n;
               for (int64_t u = 0; u < n; ++u) reset[u] = gate[u] * h[u];
             }
             for (int64_t i = 0; i < rows; ++i) {
               const int64_t row = d * rows + i;
               for (int64_t j = 0; j < k; ++j)
                 dw.data[row * k + j] += d_input[i] * x.at(r, t * k + j);
               const T* const seen = kept && i >= 2 * n ? reset.data() : h;
               for (int64_t j = 0; h && j < n; ++j)
                 dr.data[row * n + j] += d_recurrent[i] * seen[j];
               db.data[2 * d * rows + i] += d_input[i];
               db.data[(2 * d + 1) * rows + i] += d_recurrent[i];
             }
           });
    }
  }
}

std::vector<Shape> infer_peepholes(const Graph& graph, const Node& node) {
  return {{3 * recurrent_sizes(node, graph.shape(node.inputs[0])).directions *
           node.integer("hidden_size")}};
}

// Inputs x (for its shape), lengths, initial_c, what was kept, gradient of the sums.
template <class T>
void reference_peepholes(const ReferenceCall<T>& call) {
  const RecurrentSizes s = recurrent_sizes(call.node, call.input_shape(0));
  const View<T>&initial = call.inputs[2], &kept = call.inputs[3], &d_sums = call.inputs[4];
  const int64_t n = s.units;
  T* const dp = call.outputs[0].data;
  std::fill_n(dp, call.outputs[0].columns, T{0});
  for (int64_t r = 0; r < d_sums.rows; ++r) {
    for (int64_t d = 0; d < s.directions; ++d) {
      const auto cell = [&](int64_t t) {
        return kept.row(r) + ((t * s.directions + d) * 5 + 4) * n;
      };
      walk(s.is_reverse(d), length_of(call.inputs[1], r, s.time), [&](int64_t t, int64_t last) {
        const T* const sums = d_sums.row(r) + (t * s.directions + d) * 4 * n;  // i, o, f, g
        const T* before = last >= 0 ? cell(last) : nullptr;
        if (last < 0 && initial) before = initial.row(r) + d * n;
        for (int64_t u = 0; u < n; ++u) {
          T* const p = dp + d * 3 * n + u;  // i, o, f
          if (before) p[0] += sums[u] * before[u];
          p[n] += sums[n + u] * cell(t)[u];
          if (before) p[2 * n] += sums[2 * n + u] * before[u];
        }
      });
    }
  }
}

Operator define_sums(std::string_view name, const Operator& forward) {
  return {.name = name,
          .doc =
              "Gradients of the weighted sums of all steps [batch, time, D G n], and of both "
              "initial states.  Inputs x, R, P, sequence_lens, initial_h, initial_c, y, what was "
              "kept, the gradients of the outputs, and the mask.  Werbos 1990; in pieces of "
              "bptt_steps: Williams, Peng 1990",
          .attributes = forward.attributes,
          .infer = infer_sums,
          .reference32 = reference_sums<float>,
          .reference64 = reference_sums<double>};
}

const std::vector<AttributeSpec>& weight_attributes() {
  static const std::vector<AttributeSpec> specs{
      {"hidden_size", int64_t{1}, "units of one direction"},
      {"direction", std::string("forward"), "forward, reverse or bidirectional"}};
  return specs;
}

}  // namespace

const Operator& op::rnn_sums_gradient() {
  static const Operator definition = define_sums("RNNSumsGradient", op::rnn());
  return definition;
}
const Operator& op::lstm_sums_gradient() {
  static const Operator definition = define_sums("LSTMSumsGradient", op::lstm());
  return definition;
}
const Operator& op::gru_sums_gradient() {
  static const Operator definition = define_sums("GRUSumsGradient", op::gru());
  return definition;
}

const Operator& op::recurrent_input_gradient() {
  static const Operator definition{.name = "RecurrentInputGradient",
                                   .doc = "dx_t = d_t W.  Inputs gradient of the sums, W",
                                   .attributes = {},
                                   .infer = infer_input,
                                   .reference32 = reference_input<float>,
                                   .reference64 = reference_input<double>};
  return definition;
}

const Operator& op::recurrent_weight_gradient() {
  static const Operator definition{
      .name = "RecurrentWeightGradient",
      .doc =
          "Gradients of W, R and B.  Inputs x, y, sequence_lens, initial_h, gradients of the "
          "sums from x and of those from h, what a GRU with linear_before_reset = 0 kept, and the "
          "mask",
      .attributes = weight_attributes(),
      .infer = infer_weights,
      .reference32 = reference_weights<float>,
      .reference64 = reference_weights<double>};
  return definition;
}

const Operator& op::peephole_gradient() {
  static const Operator definition{
      .name = "LSTMPeepholeGradient",
      .doc =
          "Gradient of P.  Inputs x, sequence_lens, initial_c, what was kept, gradient of the "
          "sums",
      .attributes = weight_attributes(),
      .infer = infer_peepholes,
      .reference32 = reference_peepholes<float>,
      .reference64 = reference_peepholes<double>};
  return definition;
}

}  // namespace sinapse
