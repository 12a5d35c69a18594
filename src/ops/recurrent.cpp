// RNN, LSTM and GRU: shapes and the way forward.
#include "ops/recurrent.h"

#include <fmt/format.h>

#include "ops/recurrent_cells.h"

namespace sinapse {

namespace {

using namespace recurrent;

const std::vector<AttributeSpec>& attributes_of(RecurrentKind kind) {
  static const AttributeSpec units{"hidden_size", int64_t{1}, "n, units of one direction"};
  static const AttributeSpec direction{"direction", std::string("forward"),
                                       "forward, reverse or bidirectional"};
  static const AttributeSpec pieces{"bptt_steps", int64_t{0},
                                    "steps after which the gradient of the state is cut off, "
                                    "0: none"};
  static const std::vector<AttributeSpec> rnn{
      units, direction, pieces, {"activation", std::string("tanh"), "f"}};
  static const std::vector<AttributeSpec> lstm{units, direction, pieces};
  static const std::vector<AttributeSpec> gru{
      units,
      direction,
      pieces,
      {"linear_before_reset", int64_t{1},
       "1: the reset gate works on the candidate's recurrent "
       "sum, 0: on the state before it"}};
  return kind == RecurrentKind::rnn ? rnn : kind == RecurrentKind::lstm ? lstm : gru;
}

void require_shape(const Graph& graph, const Node& node, Input input, const Shape& expected,
                   const char* name) {
  if (node.inputs.size() <= input || node.inputs[input] == kNoValue) return;
  const Shape& shape = graph.shape(node.inputs[input]);
  if (shape == expected) return;
  fail_shape(node,
             fmt::format("{} must be {}, but is {}", name, to_string(expected), to_string(shape)));
}

std::vector<Shape> infer(const Graph& graph, const Node& node) {
  const Shape& x = graph.shape(node.inputs[Input::x]);
  if (x.size() != 3 || !is_batched(x)) {
    fail_shape(node,
               fmt::format("expects sequences [batch, time, features], but x is {}", to_string(x)));
  }
  const std::string& direction = node.text("direction");
  if (direction != "forward" && direction != "reverse" && direction != "bidirectional") {
    fail_shape(node, fmt::format("direction must be forward, reverse or bidirectional, but is "
                                 "\"{}\"",
                                 direction));
  }
  const RecurrentSizes s = recurrent_sizes(node, x);
  if (s.units < 1)
    fail_shape(node, fmt::format("hidden_size must be at least 1, but is {}", s.units));
  const int64_t rows = s.directions * s.gate_rows(), states = s.directions * s.units;
  require_shape(graph, node, weight, {rows, s.inputs}, "W");
  require_shape(graph, node, recurrence, {rows, s.units}, "R");
  require_shape(graph, node, bias, {2 * rows}, "B");
  require_shape(graph, node, lengths, batched({1}), "sequence_lens");
  require_shape(graph, node, initial_h, batched({states}), "initial_h");
  require_shape(graph, node, initial_c, batched({states}), "initial_c");
  require_shape(graph, node, peepholes, {3 * states}, "P");
  require_shape(graph, node, mask, batched({states}), "the recurrent mask");
  if (node.integer("bptt_steps") < 0) {
    fail_shape(node,
               fmt::format("bptt_steps must be at least 0, but is {}", node.integer("bptt_steps")));
  }
  std::vector<Shape> outputs{batched({s.time, states}), batched({states})};
  if (s.kind == RecurrentKind::lstm) outputs.push_back(batched({states}));
  outputs.push_back(batched({s.time, s.directions * s.kept() * s.units}));
  return outputs;
}

// x W^T + bias for one step.
template <class T>
void input_sums(const RecurrentSizes& s, const T* x, const T* weight, const T* bias, T* sums) {
  for (int64_t row = 0; row < s.gate_rows(); ++row) {
    T sum = bias[row];
    for (int64_t k = 0; k < s.inputs; ++k) sum += x[k] * weight[row * s.inputs + k];
    sums[row] = sum;
  }
}

template <class T>
View<T> optional(const ReferenceCall<T>& call, Input input) {
  return input < call.inputs.size() ? call.inputs[input] : View<T>{};
}

template <class T>
void reference(const ReferenceCall<T>& call) {
  const RecurrentSizes s = recurrent_sizes(call.node, call.input_shape(Input::x));
  const bool is_lstm = s.kind == RecurrentKind::lstm, is_gru = s.kind == RecurrentKind::gru;
  const Activation activation =
      parse_activation(s.kind == RecurrentKind::rnn ? call.node.text("activation") : "tanh");
  const View<T>&x = call.inputs[Input::x], &b = call.inputs[bias], &y = call.outputs[0];
  const View<T>& kept = call.outputs.back();
  const int64_t n = s.units, width = s.directions * n, kept_width = s.directions * s.kept() * n;
  std::vector<T> sums(s.gate_rows()), state(2 * n);
  for (int64_t r = 0; r < x.rows; ++r) {
    std::fill_n(y.row(r), y.columns, T{0});
    std::fill_n(kept.row(r), kept.columns, T{0});
    const int64_t length = length_of(optional(call, lengths), r, s.time);
    for (int64_t d = 0; d < s.directions; ++d) {
      const auto weights =
          cell_weights<T>(s, d, call.inputs[recurrence], b, optional(call, peepholes), activation,
                          is_gru && call.node.integer("linear_before_reset"));
      const auto start = [&](Input input, T* to) {
        const View<T> given = optional(call, input);
        for (int64_t u = 0; u < n; ++u) to[u] = given ? given.at(r, d * n + u) : T{0};
      };
      T *const h = state.data(), *const c = h + n;
      start(initial_h, h);
      start(initial_c, c);
      const View<T> masks = optional(call, mask);
      walk(s.is_reverse(d), length, [&](int64_t t, int64_t) {
        input_sums(s, x.row(r) + t * s.inputs,
                   call.inputs[weight].data + d * s.gate_rows() * s.inputs,
                   b.data + 2 * d * s.gate_rows(), sums.data());
        T* const new_h = y.row(r) + t * width + d * n;
        with_cell(s.kind, [&](auto cell) {
          cell.forward(weights, CellStep<T>{.h = h,
                                            .c = c,
                                            .mask = masks ? masks.row(r) + d * n : nullptr,
                                            .sums = sums.data(),
                                            .kept = kept.row(r) + t * kept_width + d * s.kept() * n,
                                            .new_h = new_h,
                                            .new_c = c});
        });
        std::copy_n(new_h, n, h);
      });
      std::copy_n(h, n, call.outputs[1].row(r) + d * n);
      if (is_lstm) std::copy_n(c, n, call.outputs[2].row(r) + d * n);
    }
  }
}

Operator define(RecurrentKind kind, std::string_view name, std::string_view doc) {
  return {.name = name,
          .doc = doc,
          .attributes = attributes_of(kind),
          .infer = infer,
          .gradient = gradient_of_recurrent,
          .reference32 = reference<float>,
          .reference64 = reference<double>};
}

}  // namespace

RecurrentSizes recurrent_sizes(const Node& node, const Shape& x_shape) {
  const std::string_view name = node.op->name;
  const std::string& direction = node.text("direction");
  return {.kind = name.starts_with("LSTM")  ? RecurrentKind::lstm
                  : name.starts_with("GRU") ? RecurrentKind::gru
                                            : RecurrentKind::rnn,
          .directions = direction == "bidirectional" ? 2 : 1,
          .time = x_shape[1],
          .inputs = x_shape[2],
          .units = node.integer("hidden_size"),
          .first_is_reverse = direction == "reverse"};
}

const Operator& op::rnn() {
  static const Operator definition =
      define(RecurrentKind::rnn, "RNN",
             "h_t = f(x_t W^T + h_(t-1) R^T + biases).  x [batch, time, k], W [D n, k], R [D n, "
             "n], B [D 2 "
             "n], sequence_lens [batch, 1], initial_h [batch, D n] → h of all steps [batch, time, "
             "D n], of "
             "the last [batch, D n], and what the gradient needs.  Elman 1990.  A mask [batch, D "
             "n], the last input, multiplies h_(t-1) in front of R, the same at all steps: "
             "dropout.  Gal, Ghahramani 2016");
  return definition;
}

const Operator& op::lstm() {
  static const Operator definition =
      define(RecurrentKind::lstm, "LSTM",
             "c_t = f c_(t-1) + i g,  h_t = o tanh(c_t), with gates i, o, f, g by rows of W and R; "
             "peepholes P [D 3 n] in the order i, o, f.  Hochreiter, Schmidhuber 1997; Gers, "
             "Schmidhuber 2000");
  return definition;
}

const Operator& op::gru() {
  static const Operator definition =
      define(RecurrentKind::gru, "GRU",
             "h_t = (1-z) g + z h_(t-1), with gates z, r and candidate g by rows of W and R.  Cho "
             "and others 2014");
  return definition;
}

}  // namespace sinapse
