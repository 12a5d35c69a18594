// One step of each recurrent cell for one row and direction, forwards and backwards. The formulas
// are those of ONNX: gates stand in the order i, o, f, c of an LSTM and z, r, h of a GRU, peepholes
// in the order i, o, f.
#pragma once

#include <cmath>

#include <sinapse/activation.h>
#include <sinapse/formula/scalar.h>

#include "ops/recurrent.h"

namespace sinapse {

/// Weights of one direction.
template <class T>
struct CellWeights {
  const T* recurrence;           // [G n, n]
  const T* bias;                 // [G n]: of the recurrent sums
  const T* peepholes;            // [3 n] or null
  const Activation* activation;  // of an RNN
  bool linear_before_reset;      // of a GRU
  int64_t units;

  /// sum_j R[row, j] m[j] h[j] + bias[row]; a mask m that is null is all ones.
  T recurrent_sum(int64_t row, const T* h, const T* mask = nullptr) const {
    T sum = bias[row];
    for (int64_t j = 0; j < units; ++j) {
      sum += recurrence[row * units + j] * (mask ? mask[j] * h[j] : h[j]);
    }
    return sum;
  }
  /// to[j] += m[j] sum_row d[row] R[row, j] for the rows of some gates.
  void add_transposed(int64_t first_row, int64_t rows, const T* d, T* to,
                      const T* mask = nullptr) const {
    for (int64_t row = first_row; row < first_row + rows; ++row) {
      for (int64_t j = 0; j < units; ++j) {
        const T back = d[row] * recurrence[row * units + j];
        to[j] += mask ? mask[j] * back : back;
      }
    }
  }
};

/// States before and after one step. `sums` [G n] come in as x W^T + its bias.
template <class T>
struct CellStep {
  const T *h, *c;  // before
  const T* mask;   // [n]: of h on its way into the recurrent sums; null: ones
  const T* sums;
  T* kept;  // RecurrentSizes::kept() numbers a unit
  T *new_h, *new_c;
};

/// The way back through one step: d means derivative of the loss. dh and dc come in as those of the
/// states after the step and leave as those of the states before it.
template <class T>
struct CellBackStep {
  const T *h, *c;  // before
  const T* mask;   // as on the way forward
  const T* kept;
  T *dh, *dc;
  T *d_input, *d_recurrent;  // [G n]: of the sums from x, and of those from h
};

/// h' = f(x W^T + h R^T + biases).  Elman 1990
struct RnnCell {
  template <class T>
  static void forward(const CellWeights<T>& w, const CellStep<T>& s) {
    for (int64_t i = 0; i < w.units; ++i) {
      s.kept[i] = s.sums[i] + w.recurrent_sum(i, s.h, s.mask);
      s.new_h[i] = activate(*w.activation, s.kept[i]);
    }
  }
  template <class T>
  static void backward(const CellWeights<T>& w, const CellBackStep<T>& s) {
    for (int64_t i = 0; i < w.units; ++i) {
      s.d_input[i] = s.d_recurrent[i] = s.dh[i] * derivative(*w.activation, s.kept[i]);
      s.dh[i] = 0;
    }
    w.add_transposed(0, w.units, s.d_recurrent, s.dh, s.mask);
  }
};

/// c' = f c + i g,  h' = o tanh(c').  Hochreiter, Schmidhuber 1997; Gers, Schmidhuber 2000
struct LstmCell {
  template <class T>
  static void forward(const CellWeights<T>& w, const CellStep<T>& s) {
    const int64_t n = w.units;
    for (int64_t u = 0; u < n; ++u) {
      T sums[4];
      for (int64_t gate = 0; gate < 4; ++gate) {
        sums[gate] = s.sums[gate * n + u] + w.recurrent_sum(gate * n + u, s.h, s.mask);
      }
      const T* p = w.peepholes;
      const T i = sigmoid(sums[0] + (p ? p[u] * s.c[u] : 0));
      const T f = sigmoid(sums[2] + (p ? p[2 * n + u] * s.c[u] : 0));
      const T g = std::tanh(sums[3]);
      const T c = f * s.c[u] + i * g;
      const T o = sigmoid(sums[1] + (p ? p[n + u] * c : 0));
      const T kept[5] = {i, o, f, g, c};
      for (int64_t k = 0; k < 5; ++k) s.kept[k * n + u] = kept[k];
      s.new_c[u] = c;
      s.new_h[u] = o * std::tanh(c);
    }
  }
  template <class T>
  static void backward(const CellWeights<T>& w, const CellBackStep<T>& s) {
    const int64_t n = w.units;
    for (int64_t u = 0; u < n; ++u) {
      const T i = s.kept[u], o = s.kept[n + u], f = s.kept[2 * n + u], g = s.kept[3 * n + u];
      const T tanh_c = std::tanh(s.kept[4 * n + u]);
      const T* p = w.peepholes;
      const T d_o = s.dh[u] * tanh_c * o * (1 - o);
      const T dc = s.dc[u] + s.dh[u] * o * (1 - tanh_c * tanh_c) + (p ? p[n + u] * d_o : 0);
      const T d_i = dc * g * i * (1 - i), d_f = dc * s.c[u] * f * (1 - f),
              d_g = dc * i * (1 - g * g);
      const T all[4] = {d_i, d_o, d_f, d_g};
      for (int64_t gate = 0; gate < 4; ++gate) {
        s.d_input[gate * n + u] = s.d_recurrent[gate * n + u] = all[gate];
      }
      s.dc[u] = dc * f + (p ? p[u] * d_i + p[2 * n + u] * d_f : 0);
      s.dh[u] = 0;
    }
    w.add_transposed(0, 4 * n, s.d_recurrent, s.dh, s.mask);
  }
};

/// h' = (1 - z) g + z h.  Cho and others 2014; linear_before_reset as in cuDNN
struct GruCell {
  template <class T>
  static void forward(const CellWeights<T>& w, const CellStep<T>& s) {
    const int64_t n = w.units;
    T *const z = s.kept, *const r = z + n, *const g = r + n, *const q = g + n;
    for (int64_t u = 0; u < n; ++u) {
      z[u] = sigmoid(s.sums[u] + w.recurrent_sum(u, s.h, s.mask));
      r[u] = sigmoid(s.sums[n + u] + w.recurrent_sum(n + u, s.h, s.mask));
    }
    for (int64_t u = 0; u < n; ++u) g[u] = r[u] * s.h[u];  // what the candidate sees of h
    for (int64_t u = 0; u < n; ++u) {
      q[u] = w.recurrent_sum(2 * n + u, w.linear_before_reset ? s.h : g, s.mask);
    }
    for (int64_t u = 0; u < n; ++u) {
      g[u] = std::tanh(s.sums[2 * n + u] + (w.linear_before_reset ? r[u] * q[u] : q[u]));
      s.new_h[u] = (1 - z[u]) * g[u] + z[u] * s.h[u];
    }
  }
  template <class T>
  static void backward(const CellWeights<T>& w, const CellBackStep<T>& s) {
    const int64_t n = w.units;
    const T *const z = s.kept, *const r = z + n, *const g = r + n, *const q = g + n;
    T *const d_z = s.d_recurrent, *const d_r = d_z + n, *const d_g = d_r + n;
    for (int64_t u = 0; u < n; ++u) {
      const T d_sum = s.dh[u] * (1 - z[u]) * (1 - g[u] * g[u]);
      d_z[u] = s.dh[u] * (s.h[u] - g[u]) * z[u] * (1 - z[u]);
      d_g[u] = w.linear_before_reset ? d_sum * r[u] : d_sum;
      d_r[u] = d_sum * q[u] * r[u] * (1 - r[u]);  // if linear_before_reset
      s.d_input[2 * n + u] = d_sum;
      s.dh[u] *= z[u];
    }
    if (w.linear_before_reset) {
      w.add_transposed(2 * n, n, s.d_recurrent, s.dh, s.mask);
    } else {
      std::fill_n(d_r, n, T{0});
      w.add_transposed(2 * n, n, s.d_recurrent, d_r, s.mask);  // of r h
      for (int64_t u = 0; u < n; ++u) {
        s.dh[u] += d_r[u] * r[u];
        d_r[u] *= s.h[u] * r[u] * (1 - r[u]);
      }
    }
    w.add_transposed(0, 2 * n, s.d_recurrent, s.dh, s.mask);
    std::copy_n(s.d_recurrent, 2 * n, s.d_input);
  }
};

/// Calls f(Cell{}).
template <class F>
void with_cell(RecurrentKind kind, F f) {
  if (kind == RecurrentKind::rnn) f(RnnCell{});
  if (kind == RecurrentKind::lstm) f(LstmCell{});
  if (kind == RecurrentKind::gru) f(GruCell{});
}

/// Those of one direction of a node of a recurrent operator; `activation` outlives them.
template <class T>
CellWeights<T> cell_weights(const RecurrentSizes& sizes, int64_t direction,
                            const View<T>& recurrence, const View<T>& bias,
                            const View<T>& peepholes, const Activation& activation,
                            bool linear_before_reset) {
  const int64_t rows = sizes.gate_rows(), n = sizes.units;
  return {.recurrence = recurrence.data + direction * rows * n,
          .bias = bias ? bias.data + (2 * direction + 1) * rows : nullptr,
          .peepholes = peepholes ? peepholes.data + direction * 3 * n : nullptr,
          .activation = &activation,
          .linear_before_reset = linear_before_reset,
          .units = n};
}

}  // namespace sinapse
