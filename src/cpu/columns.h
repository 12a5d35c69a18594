// Arithmetic over rows of columns, a vector of columns at a time: normalisation, element-wise
// operators, dropout. All pointers address rows at a stride; n is the number of columns.
#pragma once

#include <cstdint>

namespace sinapse {

/// A matrix in memory.
struct Rows {
  float* data = nullptr;
  int64_t stride = 0;
};

enum class Binary : uint8_t { add, subtract, multiply, divide };

struct ColumnFunctions {
  /// mean[c] and inverse_deviation[c] = 1 / sqrt(variance + epsilon) over the rows, and the sum of
  /// squared differences from the mean.
  void (*statistics)(Rows x, int64_t rows, int64_t n, float epsilon, float* mean,
                     float* inverse_deviation, float* squares);
  /// y = (x - mean) factor[c] + bias[c], factor = scale inverse_deviation.
  void (*normalize)(Rows x, Rows y, int64_t rows, int64_t n, const float* scale, const float* bias,
                    const float* mean, const float* inverse_deviation);
  /// dscale[c] = sum of dy (x - mean) inverse_deviation, dbias[c] = sum of dy.
  void (*normalize_sums)(Rows x, Rows dy, int64_t rows, int64_t n, const float* mean,
                         const float* inverse_deviation, float* dscale, float* dbias);
  /// dx = scale inverse_deviation (dy - dbias / m - u dscale / m), u = (x - mean)
  /// inverse_deviation.
  void (*normalize_input)(Rows x, Rows dy, Rows dx, int64_t rows, int64_t n, float m,
                          const float* scale, const float* mean, const float* inverse_deviation,
                          const float* dscale, const float* dbias);
  /// y = a op b; b's stride 0 repeats one row.
  void (*binary)(Binary op, Rows a, Rows b, Rows y, int64_t rows, int64_t n);
  /// y = a op b for a single number b. One row.
  void (*binary_with_number)(Binary op, const float* a, float b, float* y, int64_t n);
  /// y = scale x + offset where bits[c] >= threshold, else what is said. One row.
  void (*drop)(const float* x, float* y, const uint32_t* bits, int64_t n, uint32_t threshold,
               float scale, float offset, float dropped);
};

/// The functions for the instruction set of the running CPU.
const ColumnFunctions& column_functions();

/// bits[i] = RandomStream(seed, purpose, step).bits(first + i), many blocks at a time.
using RandomBitsFunction = void (*)(uint64_t seed, uint32_t purpose, uint64_t step, uint64_t first,
                                    int64_t n, uint32_t* bits);
RandomBitsFunction random_bits_function();

}  // namespace sinapse
