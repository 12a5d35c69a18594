// Products with few outputs, as the last layer of a regression or of two classes has them: each
// output is one long sum, so the vectors run along the inputs and nothing is padded.
#pragma once

#include "cpu/columns.h"

namespace sinapse {

/// A weight matrix w [outputs, depth] in plain order and the batch it works on.
struct NarrowFunctions {
  /// y[r, n] = bias[n] + sum_k x[r, k] w[n, k]; bias may be null.
  void (*forward)(Rows x, const float* w, const float* bias, Rows y, int64_t rows, int64_t depth,
                  int64_t outputs);
  /// dx[r, k] = sum_n dy[r, n] w[n, k]; 0 where saved[r, k] <= 0, if there is a saved.
  void (*backward)(Rows dy, const float* w, Rows saved, Rows dx, int64_t rows, int64_t depth,
                   int64_t outputs);
  /// dw[n, k] = sum_r dy[r, n] x[r, k]
  void (*weight_gradient)(Rows x, Rows dy, float* dw, int64_t rows, int64_t depth, int64_t outputs);
};

/// The functions for the instruction set of the running CPU.
const NarrowFunctions& narrow_functions();

}  // namespace sinapse
