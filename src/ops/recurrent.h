// What the recurrent operators have in common: their shapes, and the walk through time.
// Letters: b rows of the batch, T steps of time, D directions, G gates, n units, k inputs. All
// gates of all directions stand one below the other in W [D G n, k], R [D G n, n] and bias [D 2 G
// n].
#pragma once

#include <algorithm>

#include "ops/operators.h"

namespace sinapse {

enum class RecurrentKind { rnn, lstm, gru };

/// Places of the inputs of a recurrent operator, those of ONNX; from `lengths` on they may be left
/// out.
namespace recurrent {
enum Input : size_t {
  x,
  weight,
  recurrence,
  bias,
  lengths,
  initial_h,
  initial_c,
  peepholes,
  mask  // not of ONNX: factors of the state on its way into the recurrent product
};
}

/// Places of the inputs of the operators that walk back through time; d_ is short for "gradient
/// of".
namespace recurrent_back {
enum Input : size_t {
  x,  // for its shape
  recurrence,
  peepholes,
  lengths,
  initial_h,
  initial_c,
  y,
  kept,
  d_y,
  d_last_h,
  d_last_c,
  mask
};
}

/// Places of the inputs of RecurrentWeightGradient.
namespace recurrent_weights {
enum Input : size_t {
  x,
  y,
  lengths,
  initial_h,
  d_input,
  d_recurrent,
  kept,  // of a GRU whose candidate sees r h
  mask
};
}

struct RecurrentSizes {
  RecurrentKind kind = RecurrentKind::rnn;
  int64_t directions = 1, time = 0, inputs = 0, units = 0;
  bool first_is_reverse = false;

  int64_t gates() const {
    return kind == RecurrentKind::rnn ? 1 : kind == RecurrentKind::gru ? 3 : 4;
  }
  /// Numbers that are kept for each unit of each step, for the way back: the RNN's sum; i, o, f, g
  /// and the cell of an LSTM; z, r, g and the candidate's recurrent sum of a GRU.
  int64_t kept() const {
    return kind == RecurrentKind::rnn ? 1 : kind == RecurrentKind::gru ? 4 : 5;
  }
  int64_t gate_rows() const { return gates() * units; }  // of one direction
  int64_t states() const { return directions * units; }  // of all directions
  bool is_reverse(int64_t direction) const { return direction == 1 || first_is_reverse; }
};

/// Of a node of one of the three operators or its gradient; `x_shape` is [batch, T, k].
RecurrentSizes recurrent_sizes(const Node& node, const Shape& x_shape);

/// The gradient rule of all three.
std::vector<ValueId> gradient_of_recurrent(GradientBuilder& builder, const Node& node,
                                           std::span<const ValueId> output_gradients);

/// Calls f(step, previous step or -1) in the order of the direction for the first `length` steps.
template <class F>
void walk(bool reverse, int64_t length, F f) {
  for (int64_t s = 0; s < length; ++s) {
    const int64_t t = reverse ? length - 1 - s : s;
    f(t, s == 0 ? -1 : reverse ? t + 1 : t - 1);
  }
}

/// Whether the gradient of the state before a step, the `steps_done`th of its row from 0, is cut
/// off: truncated back-propagation in pieces of `bptt_steps`, 0: never.
inline bool begins_piece(int64_t steps_done, int64_t bptt_steps) {
  return bptt_steps > 0 && steps_done > 0 && steps_done % bptt_steps == 0;
}

/// How many steps of a row count: all, or what `lengths` [batch, 1] says.
template <class T>
int64_t length_of(const View<T>& lengths, int64_t row, int64_t time) {
  if (!lengths) return time;
  const T length = lengths.at(row, 0);
  return length >= 0 ? std::min(time, static_cast<int64_t>(length)) : 0;
}

}  // namespace sinapse
