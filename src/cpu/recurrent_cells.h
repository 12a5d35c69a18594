// One step of an LSTM or GRU for one row and direction, along the units in vectors: the formulas of
// ops/recurrent_cells.h without the products.
#pragma once

#include <cstdint>

namespace sinapse {

/// Gates i, o, f, g from their sums [4 n]; the states change in place.
struct LstmStep {
  int64_t units;
  const float* sums;
  const float* peepholes;  // [3 n] or null
  float *h, *c;
  float* kept;  // [5 n]: i, o, f, g and the new cell; null: not wanted
};

struct LstmBackStep {
  int64_t units;
  const float* kept;
  const float* c;   // before the step; null: 0
  const float* dy;  // null: 0
  const float* peepholes;
  float *dh, *dc;  // of the states after the step; dc leaves as that before it, dh as 0
  float* d_sums;   // [4 n]
};

/// z and r from their sums [3 n], in place; `reset`, if wanted, becomes r h.
struct GruGates {
  int64_t units;
  const float* recurrent_sums;
  float* sums;
  const float* h;
  float* reset;
};

/// g and the new state, which changes in place.
struct GruStep {
  int64_t units;
  const float* gates;      // [3 n]: z, r, and the candidate's sum from x
  const float* candidate;  // its sum from h
  bool linear_before_reset;
  float* h;
  float* kept;  // [4 n]: z, r, g and the candidate's sum from h; null: not wanted
};

struct GruBackStep {
  int64_t units;
  const float* kept;
  const float* h;   // before the step; null: 0
  const float* dy;  // null: 0
  bool linear_before_reset;
  float* dh;           // of the state after the step; leaves as its part by z
  float* d_input;      // [3 n]
  float* d_recurrent;  // [3 n]
};

/// The part of a reset gate that works on the state: `d_reset` is the derivative of r h.
struct GruResetBack {
  int64_t units;
  const float *kept, *h, *d_reset;
  float *dh, *d_input, *d_recurrent;
};

struct CellFunctions {
  void (*lstm)(const LstmStep& step);
  void (*lstm_back)(const LstmBackStep& step);
  void (*gru_gates)(const GruGates& step);
  void (*gru)(const GruStep& step);
  void (*gru_back)(const GruBackStep& step);
  void (*gru_reset_back)(const GruResetBack& step);
  void (*add)(const float* from, int64_t n, float* to);                       // to += from
  void (*multiply)(const float* a, const float* b, int64_t n, float* to);     // to = a b
  void (*add_product)(const float* a, const float* b, int64_t n, float* to);  // to += a b
};

/// Those of the instruction set of the running CPU.
const CellFunctions& cell_functions();

}  // namespace sinapse
